"""Verdicts, metrics and manifests for readers: one module for each format, `html/` for the page.

Renderers translate and decide nothing. May import everything but the adapters and the command line.
"""
