"""The package stays easy to walk through: small folders, small modules, short functions."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "mtscore"
MODULES = sorted(PACKAGE.rglob("*.py"))

MAX_FLAT, MAX_IN_FOLDER = 6, 15
MAX_MODULE_LINES, MAX_FUNCTION_LINES = 350, 50


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a module with the number of its lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{named(path)}: {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_folders_are_small() -> None:
    sizes = Counter(path.parent for path in MODULES)
    limits = {folder: MAX_FLAT if folder == PACKAGE else MAX_IN_FOLDER for folder in sizes}
    assert {named(folder): size for folder, size in sizes.items() if size > limits[folder]} == {}


def test_modules_are_small() -> None:
    lines = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > MAX_MODULE_LINES} == {}


def test_functions_are_short() -> None:
    found = dict(pair for path in MODULES for pair in functions(path))
    assert {name: lines for name, lines in found.items() if lines > MAX_FUNCTION_LINES} == {}


def test_folders_say_what_lives_in_them() -> None:
    packages = [path for path in MODULES if path.name == "__init__.py"]
    assert [
        named(p) for p in packages if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))
    ] == []
