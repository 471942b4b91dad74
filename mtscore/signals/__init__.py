"""The numbers the classifier sees, one module a family; each module names its own in order."""
