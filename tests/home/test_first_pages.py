"""The first page of the site and of the desk: what was answered, and what is late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Role
from forum.concerns.models import Mode, Status
from forum.concerns.operations.working import answer_concern, assign_concern
from forum.core import clock
from tests.factories import accounts, concerns
from tests.factories.accounts import sign_in
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]


def test_the_front_page_shows_what_was_answered_in_public_and_nothing_else(
    client: Client, saved: Saved
) -> None:
    def make() -> None:
        officer = accounts.person(Role.OFFICER)
        for mode in (Mode.PUBLIC, Mode.PRIVATE, Mode.ANONYMOUS):
            made = concerns.concern(mode, title=f"Told in {mode}")
            answer_concern(actor=officer, concern=made, text="Done.", status=Status.ANSWERED)
        concerns.concern(Mode.PUBLIC, title="Still open")

    saved(make)
    text = client.page("/").text()
    assert "Told in public" in text
    assert "Told in private" not in text
    assert "Told in anonymous" not in text
    assert "Still open" not in text


def test_the_front_page_leads_to_raising_a_concern(client: Client) -> None:
    assert "/concerns/new" in client.page("/").links()


def test_the_desk_begins_with_what_is_late_and_what_is_mine(app: Flask, client: Client, saved: Saved) -> None:
    def make() -> int:
        officer = accounts.person(Role.OFFICER)
        assign_concern(actor=officer, concern=concerns.concern(), to=officer)
        concerns.concern()
        return officer.id

    officer = saved(make)
    sign_in(client, officer)
    page = client.page("/desk").text()
    assert "0 concerns are late" in page
    assert "1 is yours" in page
    assert "1 has nobody yet" in page
    with time_machine.travel(clock.now() + timedelta(days=20)):
        sign_in(client, officer)
        assert "2 concerns are late" in client.page("/desk").text()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_works_no_concerns_sees_no_count_of_them(client: Client, saved: Saved, role: Role) -> None:
    saved(concerns.concern)
    sign_in(client, saved(lambda: accounts.person(role).id))
    assert "late" not in client.page("/desk").text()


def test_the_tools_of_the_desk_lead_away_from_it(client: Client, saved: Saved) -> None:
    sign_in(client, saved(lambda: accounts.person(Role.OFFICER).id))
    main = client.page("/desk").all("main")[0]
    assert "/desk" not in [link.get("href") for link in main.iter("a")]
