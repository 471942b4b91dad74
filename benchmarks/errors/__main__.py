"""`python -m benchmarks.errors`."""

from benchmarks.errors.command import main

main()
