"""Many fuzzed documents, by hand: `python tests/fuzz/long_run.py --long 1000000 [--jobs 2] [--seed 1]`.

Every process draws documents of its own seed; the first that breaks a rule is shown, made as small as can be.
"""

from __future__ import annotations

import argparse
import resource
import sys
from concurrent.futures import ProcessPoolExecutor

from checks import check
from hypothesis import HealthCheck, Phase, given, seed, settings
from strategies import pages, texts

from mtscore import Document, Scorer

AT_A_TIME = 5_000
"""Documents that hypothesis draws before it begins anew: it remembers what it has drawn."""


def run(number: int, documents: int, scorer: Scorer | None = None) -> int:
    """Check so many documents, half of them pages; the most memory that the process has used, in MB."""
    scorer = scorer or Scorer.load()
    options = settings(
        max_examples=documents // 2,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )

    @seed(number)
    @options
    @given(text=texts())
    def any_text(text: str) -> None:
        check(scorer, Document("text", text))

    @seed(number)
    @options
    @given(page=pages())
    def any_page(page: str) -> None:
        check(scorer, Document("page", page, is_html=True))

    any_text()
    any_page()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Run, and say how far it is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--long", type=int, default=1_000_000, help="documents")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rounds = range(arguments.seed, arguments.seed + -(-arguments.long // AT_A_TIME))
    with ProcessPoolExecutor(arguments.jobs) as processes:
        results = processes.map(run, rounds, [min(AT_A_TIME, arguments.long)] * len(rounds))
        for done, megabytes in enumerate(results, 1):
            sys.stdout.write(f"{done * AT_A_TIME:,} documents checked, {megabytes} MB at most\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
