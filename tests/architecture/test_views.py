"""Every address states whom it is for, and no form can be sent from elsewhere."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest
from flask import Flask

from forum.accounts.models import Role
from forum.core.headers import CROSS_SITE
from forum.extensions import csrf
from tests.architecture.source import FORUM, layer, name_of, tree

pytestmark = pytest.mark.once

AUDIENCES = {"public", "public_uncached", "signed_in", "staff"}
# Files, served by the middleware in front or by werkzeug itself.
FILES = {"static"}
TEMPLATE = re.compile(r"[a-z_]+/[a-z_/]+\.html")
LONGEST_VIEW = 24  # lines, with its decorators and docstring


def test_every_view_states_its_audience(site_app: Flask) -> None:
    unstated = {
        name: getattr(view, "audience", None)
        for name, view in site_app.view_functions.items()
        if name not in FILES and getattr(view, "audience", None) not in AUDIENCES
    }
    assert unstated == {}


def test_a_staff_view_names_roles_and_no_other_view_does(site_app: Flask) -> None:
    for name, view in site_app.view_functions.items():
        roles = set(getattr(view, "roles", ()))
        assert bool(roles) == (getattr(view, "audience", None) == "staff"), name
        assert roles <= set(Role), name


def test_staff_addresses_are_for_staff(site_app: Flask) -> None:
    for rule in site_app.url_map.iter_rules():
        if rule.rule.startswith(("/desk", "/admin")):
            assert site_app.view_functions[rule.endpoint].audience == "staff", rule.rule  # type: ignore[attr-defined]


def test_accounts_are_never_cached(site_app: Flask) -> None:
    for rule in site_app.url_map.iter_rules():
        if rule.rule.startswith(("/account", "/calendar/", "/desk", "/admin")):
            assert site_app.view_functions[rule.endpoint].audience != "public", rule.rule  # type: ignore[attr-defined]


def test_only_views_that_carry_their_own_proof_skip_the_token(site_app: Flask) -> None:
    def named(view: object) -> str:
        return f"{inspect.unwrap(view).__module__}.{view.__name__}"  # type: ignore[arg-type,attr-defined]

    marked = {named(view) for view in site_app.view_functions.values() if getattr(view, CROSS_SITE, False)}
    assert csrf._exempt_views <= marked
    assert csrf._exempt_blueprints == set()


def test_no_view_accepts_a_safe_and_an_unsafe_method_without_a_form(site_app: Flask) -> None:
    """PUT, PATCH and DELETE come with the API; until then a form's POST is the only way to write."""
    for rule in site_app.url_map.iter_rules():
        assert rule.methods is not None
        assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.rule


@pytest.mark.parametrize("path", layer("views"), ids=name_of)
def test_a_view_is_short(path: Path) -> None:
    long = {
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
        and is_view(node)
        and node.end_lineno
        and node.end_lineno - node.lineno >= LONGEST_VIEW
    }
    assert long == set()


def is_view(node: ast.FunctionDef) -> bool:
    return any("blueprint." in ast.unparse(decorator) for decorator in node.decorator_list)


def test_view_modules_take_their_statements_from_queries() -> None:
    """A ``select`` in a view has no policy twin and no viewer."""
    found = []
    for path in layer("views"):
        names = {ast.unparse(c.func) for c in ast.walk(tree(path)) if isinstance(c, ast.Call)}
        if names & {"select", "sa.select", "db.select", "sa.text", "text"}:
            found.append(name_of(path))
    assert found == []


def test_templates_are_where_their_views_say(site_app: Flask) -> None:
    folder = Path(str(site_app.jinja_loader.searchpath[0]))  # type: ignore[union-attr]
    named = [
        (path, node.value)
        for path in FORUM.rglob("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and TEMPLATE.fullmatch(node.value)
    ]
    assert named
    assert [f"{name_of(path)}: {name}" for path, name in named if not (folder / name).exists()] == []
