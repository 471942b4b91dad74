"""From labels to a model: reading labels, measuring texts, training, evaluating, writing a model folder.

May import scoring and everything below; never a renderer or the command line.
"""
