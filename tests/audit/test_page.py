"""The ledger's page: who may read it, and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Person, Role
from forum.audit.views import Reader
from tests.audit.test_sealing import record
from tests.factories import accounts


@pytest.fixture
def visit(app: Flask, saved: Callable[[Callable[[], Any]], Any]) -> Callable[[Role], Any]:
    """``visit(role)`` is the browser of somebody with that role."""

    def browser(role: Role) -> Any:
        return accounts.sign_in(app.test_client(), saved(lambda: accounts.person(role)))

    return browser


def entries(app: Flask, count: int) -> None:
    with app.app_context():
        record(count)


def test_readers_are_roles() -> None:
    assert {str(role) for role in Reader} <= {str(role) for role in Role}


@pytest.mark.parametrize("role", list(Role))
def test_the_ledger_is_for_auditors_and_administrators(visit: Callable[[Role], Any], role: Role) -> None:
    expected = 200 if role in (Role.AUDITOR, Role.ADMINISTRATOR) else 404
    assert visit(role).get("/admin/audit").status_code == expected


def test_a_visitor_is_asked_to_sign_in(client: Any) -> None:
    assert "/account/sign-in" in client.get("/admin/audit").headers["Location"]


def test_entries_come_newest_first_a_page_at_a_time(app: Flask, visit: Callable[[Role], Any]) -> None:
    entries(app, 60)
    browser = visit(Role.AUDITOR)
    first = browser.page("/admin/audit?act=test.look")
    assert "thing 60" in first.text()
    assert "thing 5 " not in first.text()
    older = next(link for link in first.links() if "before=" in link)
    second = browser.page(older)
    assert "thing 5 " in second.text()
    assert "thing 60" not in second.text()


def test_entries_are_narrowed_by_subject(app: Flask, visit: Callable[[Role], Any]) -> None:
    entries(app, 3)
    page = visit(Role.AUDITOR).page("/admin/audit?kind=thing&subject=2")
    assert "thing 2" in page.text()
    assert "thing 3" not in page.text()


@pytest.mark.parametrize(
    "query", ("before=x", "before=0", "before=99999999999999999999", "subject=-1", "kind=%F0")
)
def test_odd_addresses_are_answered(visit: Callable[[Role], Any], query: str) -> None:
    assert visit(Role.AUDITOR).get(f"/admin/audit?{query}").status_code == 200


def test_an_actor_is_named_while_the_account_exists(app: Flask, visit: Callable[[Role], Any]) -> None:
    from enum import StrEnum

    from forum.audit import operations
    from forum.core.transactions import unit_of_work
    from forum.extensions import db

    class Act(StrEnum):
        DONE = "test.done"

    with app.app_context(), unit_of_work():
        someone = accounts.person(Role.OFFICER, name="Ada Example")
        operations.record(actor=someone, act=Act.DONE, subject=someone)
        number = someone.id
    browser = visit(Role.AUDITOR)
    assert "Ada Example" in browser.page("/admin/audit?act=test.done").text()
    with app.app_context(), unit_of_work():
        db.session.delete(db.session.get_one(Person, number))
    assert "Ada Example" not in browser.page("/admin/audit?act=test.done").text()
