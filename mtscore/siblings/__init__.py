"""One story, several copies: found in a batch and compared sentence by sentence.

May import findings, signals, text, words; never the scorer: scores come in as numbers.
"""
