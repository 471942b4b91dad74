"""`mtscore lsp`: findings in an editor, while one writes."""

from __future__ import annotations

import argparse

from mtscore.cli.common import DONE, Commands, add_command, add_model, load_scorer

_LSP = """\
A language server: an editor starts it and talks to it on standard input and output. It underlines findings in Markdown
and plain text, and offers the words that were probably meant as quick fixes.
"""
_LSP_EPILOG = """\
examples (Neovim, Helix):
  vim.lsp.config('mtscore', {cmd = {'mtscore', 'lsp'}, filetypes = {'markdown', 'text'}})
  [language-server.mtscore]
  command = "mtscore"
  args = ["lsp"]
"""


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    lsp = add_command(commands, "lsp", "findings in an editor (language server)", _LSP, _LSP_EPILOG, _lsp)
    add_model(lsp)
    lsp.add_argument("--stdio", action="store_true", help=argparse.SUPPRESS)  # what some editors add


def _lsp(arguments: argparse.Namespace) -> int:
    from mtscore.adapters.language_server import serve

    serve(load_scorer(arguments))
    return DONE
