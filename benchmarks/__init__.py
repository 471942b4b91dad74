"""Measurements of speed, memory, safety and quality: `python -m benchmarks.NAME --help`.

Most of them need corpora that are not part of this repository; with `--toy` each makes small ones of its own, so that
anybody can see it run. What it then prints says nothing about the model.
"""
