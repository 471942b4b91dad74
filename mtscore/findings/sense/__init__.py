"""Findings of the close reading: words of which the reader thinks that they are wrong, and what was meant.

`places` says where, `alternatives` what may be meant, `relief` whether the reader likes that better, `wrong_sense`
makes findings of all three; `broken_order` finds runs of such words. May import what `findings` may, and `reading`.
"""
