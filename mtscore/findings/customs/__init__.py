"""Writing in which strange words are custom and betray no translator: brands, chat, scanned print.

May import what `findings` may, and no other folder of it.
"""
