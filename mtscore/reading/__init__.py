"""The close reading: what a small language model, an optional part of its own, makes of an article.

passage (an article as the reader sees it), reader (that part, found and loaded), reading (what it says of one article),
sense (the signals that the close classifier sees of it).
"""
