"""What is known of words: frequencies, forms, names, translations, language models.

May import arrays, errors, records; knows no text.
"""
