"""The code as these rules read it: parsed files and the names of slices."""

from __future__ import annotations

import ast
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


@cache
def imports(path: Path) -> tuple[tuple[str, str], ...]:
    """(module, name) of everything *path* imports, inside functions too; the name is empty for ``import x``."""
    found: list[tuple[str, str]] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += ((node.module, alias.name) for alias in node.names)
    return tuple(found)


@cache
def calls(node: ast.AST) -> tuple[tuple[int, str], ...]:
    """(line, dotted name of what is called) for every call below *node*."""
    return tuple(
        (call.lineno, ast.unparse(call.func))
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute)
    )
