"""Garbled documents out of any text, through translators that run offline, and what they teach.

`python -m training.translations` is the door. On the way: `engines`, `chains`, `documents` (sentences in line with the
original), `cleaning`, `differences`, `judging` (labels), `produce` (files). Beside it `sources` and `everything` for
the project's own data, `roundtrips` for the classifier's rows, `pairs` and `likeness` for word pairs. Nothing here is
imported by `mtscore`.
"""
