"""A page to paste into and a JSON service: requests in, verdicts out; `processes/` does the reading.

May import everything but the adapters and the command line. Needs the extra `serve`.
"""
