"""Real errors: how many of those that somebody listed are found, and how many findings stand at one.

`own` has articles written for this project with every error listed, `annotated` sentences that translators marked,
`people` well-known names with a letter changed; `counting` compares marks with findings.
"""

from benchmarks.errors.command import main

__all__ = ["main"]
