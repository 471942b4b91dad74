"""The model folder: found, checked before use, and loaded; the classifier in it.

May import signals and below; never scores a text.
"""
