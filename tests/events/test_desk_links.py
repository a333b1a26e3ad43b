"""The desk offers nobody a way that is then refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from forum.accounts.models import Role
from forum.events import policy
from tests.factories import accounts, after
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
MOST = 60  # pages of one small installation


def a_date_with_everything() -> Any:
    """A date that lies behind, with minutes, something still to do and a shift."""
    date = after.past()
    after.minutes(date)
    after.item(date)
    after.shift(date)
    return date


@pytest.mark.parametrize("role", policy.DESK)
def test_every_link_of_the_desk_leads_somewhere(role: Role, client: Client, saved: Saved) -> None:
    saved(a_date_with_everything)
    accounts.sign_in(client, saved(lambda: accounts.person(role)))
    todo, seen = ["/desk", "/desk/events", "/desk/events?q=nothing-like-it", "/desk/actions"], set[str]()
    while todo and len(seen) < MOST:
        address = todo.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code < 400, address
        if answer.mimetype == "text/html" and answer.status_code == 200:
            links = client.page(address).links()
            todo += [
                link.partition("#")[0] for link in links if link.startswith(("/desk/events", "/desk/act"))
            ]
    assert len(seen) > 8
