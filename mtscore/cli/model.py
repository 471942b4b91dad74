"""`mtscore model`: a look at a model folder, or a check of it."""

from __future__ import annotations

import argparse
import sys

from mtscore.cli.common import DONE, FAILED, Commands, add_command

_MODEL = """\
info: what the model is, what it was made from and how well it does. verify: checks every file against the
digests in the manifest. DIR is a model folder; without it, the one that scoring would use.
"""
_MODEL_EPILOG = """\
example:
  mtscore model verify
"""


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    model = add_command(commands, "model", "look at or check a model folder", _MODEL, _MODEL_EPILOG, None)
    actions = model.add_subparsers(title="actions", metavar="info|verify", required=True)
    info = add_command(actions, "info", "print a model's manifest", _MODEL, _MODEL_EPILOG, _model_info)
    check = add_command(actions, "verify", "check a model's files", _MODEL, _MODEL_EPILOG, _model_verify)
    for action in (info, check):
        action.add_argument(
            "dir", nargs="?", metavar="DIR", help="a model folder (the one scoring would use)"
        )


def _model_info(arguments: argparse.Namespace) -> int:
    from mtscore.model.folder import ModelFolder
    from mtscore.render.manifest import describe_manifest

    bundle = ModelFolder.load(arguments.dir)
    sys.stdout.write(f"model: {bundle.path}\n{describe_manifest(bundle.manifest)}")
    return DONE


def _model_verify(arguments: argparse.Namespace) -> int:
    from mtscore.model.folder import default_model_path, verify
    from mtscore.render.terminal import sanitize

    path = arguments.dir or default_model_path()
    problems = verify(path)
    for problem in problems:
        print(sanitize(problem))
    if not problems:
        print(f"{path}: sound")
    return FAILED if problems else DONE
