"""Which language a stretch of text is in.

May import errors and records; opens no model: word lists and langdetect only.
"""
