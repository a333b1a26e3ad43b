"""The code as these rules read it: parsed files and the names of slices."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORUM = ROOT / "forum"
# Machinery, not slices.
NOT_SLICES = {"cli", "core", "translations"}


def slices() -> list[Path]:
    """The folders of the slices, sorted."""
    return sorted(p.parent for p in FORUM.glob("*/__init__.py") if p.parent.name not in NOT_SLICES)


def layer(*names: str) -> list[Path]:
    """Every module of these layers in every slice: ``models.py`` as well as ``models/event.py``."""
    found = [
        path
        for folder in slices()
        for name in names
        for path in (folder / f"{name}.py", *(folder / name).rglob("*.py"))
    ]
    return sorted(path for path in found if path.exists())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    """The dotted name to import *path* by."""
    return name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """(module, name) of everything *path* imports, inside functions too; the name is empty for ``import x``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)


def calls(node: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, dotted name of what is called) for every call below *node*."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute):
            yield call.lineno, ast.unparse(call.func)
