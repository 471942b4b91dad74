"""`python -m mtscore`: the same as the `mtscore` command."""

from mtscore.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
