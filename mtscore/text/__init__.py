"""Raw text or a web page to the article in it, its sentences and tokens, with offsets that stay true.

May import languages, errors, records; knows no model.
"""
