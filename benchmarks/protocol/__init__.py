"""What a model finds of systems, sources, languages, registers and engines that it was not trained on.

`folds` says who teaches and who is judged, `judging` trains and scores, `corpora` and `registers` say what came of it.
"""

from benchmarks.protocol.command import main

__all__ = ["main"]
