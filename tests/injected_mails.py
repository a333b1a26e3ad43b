"""Every template of a mail, given nothing but hostile words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import meta

from forum.core import clock
from tests.injected import line

FOLDER = Path(__file__).parents[1] / "templates"
MOMENTS = ("at", "date", "due_at", "until")  # variables of mails


class Hostile(str):
    """A variable that is hostile in whatever way a template asks of it."""

    def __getattr__(self, name: str) -> Hostile:
        if name.startswith("__"):
            raise AttributeError(name)
        return _hostile(name)

    def __iter__(self) -> Iterator[str]:
        yield _hostile("each")

    def __call__(self, *_args: Any, **_named: Any) -> Hostile:
        return _hostile("called")


def _hostile(name: str) -> Hostile:
    """Addresses are made by url_for, whatever they lead to."""
    return Hostile("http://localhost/" if name.endswith(("url", "ticket")) else line(f"mail/{name}"))


def hostile_mails(app: Flask) -> Iterator[tuple[str, str]]:
    """Every template of a mail with every variable hostile, but moments; inside a request context."""
    environment = app.jinja_env
    base = (FOLDER / "mail" / "base.html").read_text()
    for path in sorted((FOLDER / "mail").glob("*/*.html")):
        names = {
            name
            for source in (path.read_text(), base)
            for name in meta.find_undeclared_variables(environment.parse(source))
        }
        values = {
            name: clock.now() if name in MOMENTS else _hostile(name)
            for name in names - set(environment.globals)
        }
        yield (
            str(path.relative_to(FOLDER)),
            environment.get_template(str(path.relative_to(FOLDER))).render(values),
        )
