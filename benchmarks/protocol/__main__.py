"""`python -m benchmarks.protocol`."""

from benchmarks.protocol.command import main

main()
