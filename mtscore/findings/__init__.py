"""The kinds of evidence, one module each; `collection` puts their findings in order, `strength` weighs them.

May import signals, text, languages, words and what is below them; never the model folder, siblings or the scorer.
"""
