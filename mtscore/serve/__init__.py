"""A page to paste into and a JSON service: requests in, verdicts out; other processes do the reading.

`worker.py` runs in those processes, everything else in the one that answers. May import everything but the adapters and
the command line. Needs the extra `serve`.
"""
