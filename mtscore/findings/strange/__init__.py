"""Words that are no English: made up, or left in the other language.

May import what `findings` may, `findings.customs` and `findings.debris`.
"""
