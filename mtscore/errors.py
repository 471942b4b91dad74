"""What mtscore raises: one line for a person, saying what was wrong, with which value, and what to do next.

The library raises these and never prints or exits; `cli.main` prints them on stderr.
"""

from __future__ import annotations


class MtscoreError(Exception):
    """The base of everything that mtscore raises on purpose."""


class InputError(MtscoreError):
    """A value or file given by the caller cannot be used."""


class OutputError(MtscoreError):
    """A result cannot be written where the caller wants it."""


class ModelError(MtscoreError):
    """A model folder is missing, damaged, or of a format that this version does not read."""


class UsageError(MtscoreError):
    """The call makes no sense as it stands: no input could make it work (exit code 2)."""
