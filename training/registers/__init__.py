"""Rows of the registers that the translation corpora lack: found, made and composed ones.

May import `training.dataset` and below; the model build and the benchmarks import from here.
"""
