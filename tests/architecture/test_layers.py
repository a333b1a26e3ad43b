"""What a layer may know, beyond what the import contracts in setup.cfg say."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from tests.architecture.source import FORUM, calls, imports, layer, module_of, name_of, slices, tree

pytestmark = pytest.mark.once

# The limiter's windows are shared by processes and outlive them, so they count wall-clock seconds; none is ever shown.
OWN_CLOCKS = {f"forum/core/{name}.py" for name in ("clock", "fleeting_limits", "limit_store", "limits")}
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.localtime",
    "time.gmtime",
}
WRITES = {f"db.session.{verb}" for verb in "add add_all delete merge flush commit bulk_save_objects".split()}
WRITES |= {f"session.{verb}" for verb in "add add_all delete merge commit".split()}
STATEMENTS = {f"{prefix}{verb}" for prefix in ("sa.", "") for verb in ("insert", "update", "delete")}
# What belongs to a request: an operation is called by commands, jobs and tests as well.
OF_A_REQUEST = {"request", "flash", "redirect", "render_template", "url_for", "abort", "session"}


@pytest.mark.parametrize("path", layer("operations"), ids=name_of)
def test_an_operation_knows_no_request(path: Path) -> None:
    assert [name for module, name in imports(path) if module == "flask" and name in OF_A_REQUEST] == []
    assert [module for module, _ in imports(path) if module in ("flask_login", "flask_wtf")] == []


@pytest.mark.parametrize("path", layer("models", "policy", "vocabulary"), ids=name_of)
def test_models_and_policies_know_no_web(path: Path) -> None:
    web = ("flask", "flask_wtf", "werkzeug", "jinja2", "smtplib")  # Flask-Login's mixins only name methods
    assert [module for module, _ in imports(path) if module.split(".")[0] in web] == []


@pytest.mark.parametrize("path", layer("policy", "queries"), ids=name_of)
def test_policies_and_queries_write_nothing(path: Path) -> None:
    assert written_in(tree(path)) == []


@pytest.mark.parametrize("path", layer("policy"), ids=name_of)
def test_a_policy_asks_no_database(path: Path) -> None:
    assert [call for _, call in calls(tree(path)) if call.startswith("db.") or ".session." in call] == []


@pytest.mark.parametrize("path", layer("views", "forms", "feeds", "messages"), ids=name_of)
def test_only_operations_write(path: Path) -> None:
    assert written_in(tree(path)) == []


def test_nobody_but_the_transaction_commits() -> None:
    found = [
        f"{name_of(path)}:{line}"
        for path in FORUM.rglob("*.py")
        if name_of(path) != "forum/core/transactions.py"
        for line, call in calls(tree(path))
        if call.endswith("session.commit")
    ]
    assert found == []


@pytest.mark.parametrize("path", layer("operations"), ids=name_of)
def test_what_others_call_to_write_is_an_operation(path: Path) -> None:
    """Helpers that only operations call run under the operation's lock; whatever is called from outside takes it."""
    module = importlib.import_module(module_of(path))
    functions = {node.name: node for node in tree(path).body if isinstance(node, ast.FunctionDef)}
    undecorated = [
        name
        for name in sorted(called_from_outside(module_of(path)) & functions.keys())
        if not getattr(getattr(module, name), "is_operation", False) and writes(functions[name], functions)
    ]
    assert undecorated == []


def test_time_is_read_in_one_place() -> None:
    found = [
        f"{name_of(path)}:{line} {call}"
        for path in sorted(FORUM.rglob("*.py"))
        if name_of(path) not in OWN_CLOCKS
        for line, call in calls(tree(path))
        if call in CLOCKS or call.removeprefix("datetime.") in CLOCKS
    ]
    assert found == []


@pytest.mark.parametrize("folder", slices(), ids=name_of)
def test_a_slice_says_what_its_words_mean(folder: Path) -> None:
    words = ast.get_docstring(tree(folder / "__init__.py")) or ""
    assert len(words) > 40, f"{name_of(folder)}/__init__.py: say the vocabulary and the invariants"


@pytest.mark.parametrize("path", sorted(p for p in FORUM.rglob("*.py") if p.read_text().strip()), ids=name_of)
def test_a_module_says_what_it_is_for_and_stays_readable(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "no docstring"
    assert len(path.read_text().splitlines()) <= 400, "too long: make it a package, split by noun"


def written_in(node: ast.AST) -> list[str]:
    """Line and name of each write below *node*."""
    found = [f"{line} {call}" for line, call in calls(node) if call in WRITES]
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("session.execute"):
            found += [f"{line} {name}" for line, name in calls(call) if name in STATEMENTS]
    return found


def writes(
    function: ast.FunctionDef, functions: dict[str, ast.FunctionDef], seen: frozenset[str] = frozenset()
) -> bool:
    """Whether *function*, or one of *functions* that it calls, writes."""
    if written_in(function):
        return True
    called = {call for _, call in calls(function)} & functions.keys() - seen - {function.name}
    return any(writes(functions[name], functions, seen | {function.name}) for name in called)


def called_from_outside(module: str) -> set[str]:
    """The names of *module* that modules other than operations and tests use."""
    short = module.rpartition(".")[2]
    used: set[str] = set()
    for path in FORUM.rglob("*.py"):
        if "operations" in name_of(path):
            continue
        known = set(imports(path))
        used |= {name for source, name in known if source == module}
        if (module.rpartition(".")[0], short) in known or (module, "") in known:
            used |= {call.rpartition(".")[2] for _, call in calls(tree(path)) if f"{short}." in call}
    return used
