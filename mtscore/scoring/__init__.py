"""The core: one document in, one verdict out, in the same order, on one process or several.

May import everything that finds and computes; never learning, rendering or the command line.
"""
