"""The numbers the classifier sees, one module a family, and the order they stand in.

May import text, languages, words, arrays; never findings or the classifier.
"""
