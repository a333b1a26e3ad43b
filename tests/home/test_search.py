"""Search finds what is there, in either language, and says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Role
from forum.concerns.models import Mode
from forum.core import search
from tests.factories import accounts, concerns, events, neighborhoods
from tests.factories.accounts import sign_in
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]


def titles(page: Any) -> list[str]:
    """The titles of what was found, in order."""
    return ["".join(a.itertext()) for h in page.all("h2") if h.get("class") == "name" for a in h.iter("a")]


@pytest.fixture
def town(saved: Saved) -> None:
    def make() -> None:
        concerns.concern(Mode.PUBLIC, title="Speeding on Elm Street", story="Cars race past the school each morning.")
        concerns.concern(Mode.PUBLIC, title="Reuniones vecinales", story="¿Cuándo es la reunión?", language="es")

    saved(make)


def test_words_are_found_in_any_form(client: Client, town: None) -> None:
    for typed in ("speeding", "speed", "SPEEDS elm", "racing cars", '"elm street"', "reunion", "reuniónes vecinal"):
        assert len(titles(client.page("/search", query_string={"q": typed}))) == 1, typed
