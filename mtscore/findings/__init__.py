"""The kinds of evidence, a folder for each sort; `collection` puts their findings in order, `strength` weighs them.

May import signals, text, languages, words and what is below them; never the model folder, siblings or the scorer.
"""
