"""Names that are spelt wrong: by the document itself, by their neighbours, by who bears them.

May import what `findings` may, and `findings.strange`.
"""
