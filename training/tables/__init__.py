"""Builds the word tables of a model folder; may import `mtscore` and the corpora's readers."""
