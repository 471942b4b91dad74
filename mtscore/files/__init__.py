"""Bytes in and out: which files, what stands in them record by record, and writing without loss.

May import errors and records; never scores anything and knows no model.
"""
