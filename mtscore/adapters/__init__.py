"""Skins for other pipelines, one file each; all of them ask `Judge`, and none decides anything itself."""
