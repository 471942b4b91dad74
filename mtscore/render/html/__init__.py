"""Verdicts as HTML: the page, the numbers behind its drawings, and its templates.

Imports the renderers' shared words and marks, the records and the model's base features; nothing of the terminal but
`sanitize` and `clip`.
"""
