"""Verdicts as JSON lines, as a table and as a marked article. Renderers translate and decide nothing."""
