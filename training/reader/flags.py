"""Flags of a token: it is part of a known lower-case word, a word begins with it."""

KNOWN, WORD_START = 1, 2
