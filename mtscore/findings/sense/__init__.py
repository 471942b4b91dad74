"""Findings of the close reading: words of which the reader thinks that they are wrong, and what was meant.

`places` says where, `alternatives` what may be meant, `wrong_sense` makes findings of both. May import what
`findings` may, and `reading`.
"""
