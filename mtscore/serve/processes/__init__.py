"""The processes that read for the service: what they are handed, what they do, and what they answer.

Only `readers.py` and `comparison.py` run in the process that answers requests. Knows nothing of HTTP.
"""
