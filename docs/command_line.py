"""Writes reference/command-line.md from the parsers of the commands: what `--help` says, as tables.

    python -m docs.command_line

Run it after a change to a command; a test compares the page with the parsers.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from mtscore.cli import _parser

PAGE = Path(__file__).parent / "reference" / "command-line.md"

TOP = """\
# Command line

What each command takes, as its `--help` says it. This page is generated: `python -m docs.command_line`.
The [guide](../guide/command-line.md) shows the commands at work.
"""


def page() -> str:
    """The whole page."""
    parser = _parser()
    sections = [TOP, *_prose(parser.epilog)]
    for name, command in _subcommands(parser):
        sections += _section(name, command, "##")
        for action, below in _subcommands(command):
            sections += _section(f"{name} {action}", below, "###")
    return "\n".join(sections)


def _section(name: str, command: argparse.ArgumentParser, heading: str) -> Iterator[str]:
    yield f"{heading} mtscore {name}\n"
    yield from _prose(command.description)
    rows = [_row(action) for action in command._actions if not _is_hidden(action)]
    if rows:
        yield "| argument | meaning |\n|---|---|"
        yield "\n".join(rows) + "\n"
    yield from _prose(command.epilog)


def _row(action: argparse.Action) -> str:
    names = ", ".join(action.option_strings)
    value = "" if action.nargs == 0 else _value(action)
    argument = _code(f"{names} {value}".strip())
    meaning = (action.help or "").replace("|", "&#124;")
    return f"| {argument} | {meaning}{' (required)' if action.option_strings and action.required else ''} |"


def _code(text: str) -> str:
    """A cell in typewriter letters; a bar in it would end the cell."""
    return f"<code>{text.replace('|', '&#124;')}</code>" if "|" in text else f"`{text}`"


def _value(action: argparse.Action) -> str:
    if isinstance(action.metavar, str):
        shown = action.metavar
    else:
        shown = f"{{{','.join(map(str, action.choices))}}}" if action.choices else action.dest.upper()
    several = {"+": f"{shown} [{shown} ...]", "?": f"[{shown}]", "*": f"[{shown} ...]"}
    return several.get(str(action.nargs), shown)


def _is_hidden(action: argparse.Action) -> bool:
    return (
        isinstance(action, argparse._HelpAction | argparse._SubParsersAction)
        or action.help == argparse.SUPPRESS
    )


def _subcommands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _prose(text: str | None) -> Iterator[str]:
    """Paragraphs; one with indented lines is set as it stands."""
    for paragraph in (text or "").strip("\n").split("\n\n"):
        lines = paragraph.strip("\n").splitlines()
        if any(line.startswith(" ") for line in lines):
            yield from _set_as_it_stands(lines)
        elif lines:
            yield paragraph[0].upper() + "\n".join(lines)[1:] + "\n"


def _set_as_it_stands(lines: Sequence[str]) -> Iterator[str]:
    if not lines[0].startswith(" "):
        yield lines[0].capitalize() + "\n"
        lines = lines[1:]
    indent = min(len(line) - len(line.lstrip()) for line in lines if line)
    yield "\n".join(("```text", *(line[indent:] for line in lines), "```\n"))


if __name__ == "__main__":
    PAGE.write_text(page().rstrip("\n") + "\n", encoding="utf-8", newline="\n")
