"""Builds the reader: a small language model that is taught to notice what a machine translator leaves behind.

What lives here runs with PyTorch, on two cores or on a GPU, and is never imported by `mtscore`. The order of work is
`weights` (base weights), `corpora` and `windows` (texts to tokens), `train` (teach, judge, read), `export` (ONNX).
"""
