"""Two acts on one concern at the same moment: one of them is told that the other came first, and nothing is torn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from forum.accounts.models import Role
from forum.audit.models import Entry as LedgerEntry
from forum.concerns.models import Closing, Concern, DangerCount, Dispute, Entry, Identity, Mode, Status
from forum.concerns.operations.merging import merge_concern
from forum.concerns.operations.working import close_concern
from forum.concerns.queries.thread import entries_of
from forum.concerns.receipts import new_code
from forum.extensions import db
from tests.accounts.test_at_once import at_once
from tests.factories import accounts, concerns
from tests.factories.accounts import sign_in

Saved = Callable[[Callable[[], Any]], Any]
Form = tuple[Any, str, dict[str, Any]]  # a browser, an address, the fields it sends


def opened(app: Flask, person_id: int, page: str, form: str, **typed: Any) -> Form:
    """Somebody of the desk has the page open and has filled in one of its forms."""
    client: Any = sign_in(app.test_client(), person_id)
    found = client.page(page)
    action = next(
        f.get("action") for f in found.forms() if (f.get("action") or page).split("?")[0].endswith(form)
    )
    return client, action or page, found.form(form if action else None) | typed


def by_code(app: Flask, code: str, act: str, text: str) -> Form:
    """The concern's own person has the thread open and has written something."""
    client: Any = app.test_client()
    token = client.page("/concerns/track").form("/concerns/track")["csrf_token"]
    fields = {"csrf_token": token, "code": code, "text": text, "key": f"{act}-{text}"}
    return client, f"/concerns/track/{act}", fields


def sent(forms: list[Form]) -> list[int]:
    """All of them at once; the statuses, sorted."""

    def send(number: int) -> int:
        client, path, fields = forms[number]
        return int(client.post(path, data=fields).status_code)

    return at_once(len(forms), send)


def rows(app: Flask, model: Any) -> list[Any]:
    """In the order of their ids: PostgreSQL returns them as they lie, which need not be as they came."""
    with app.app_context():
        return list(db.session.scalars(select(model).order_by(*inspect(model).primary_key)))


def is_whole(app: Flask) -> None:
    """Every thread counts from 1 without a gap and ends in the status that its concern has."""
    with app.app_context():
        for concern in db.session.scalars(select(Concern)):
            entries = list(db.session.scalars(entries_of(concern)))
            assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
            assert [e.status for e in entries if e.status is not None][-1] is concern.status
            main = db.session.get(Concern, concern.merged_into_id) if concern.merged_into_id else None
            assert main is None or main.merged_into_id is None


@pytest.fixture
def two(saved: Saved) -> tuple[int, int]:
    """The ids of two supervisors."""
    made: tuple[int, int] = saved(lambda: tuple(accounts.person(Role.SUPERVISOR).id for _ in range(2)))
    return made


def test_a_form_that_is_sent_four_times_at_once_is_one_concern(app: Flask) -> None:
    fields = {
        "step": "review", "mode": "public", "category": "speeding", "code": new_code(), "title": "Cars race",
        "story": "Every evening.", "language": "en", "same": "y", "email": "sender@example.org",
    }  # fmt: skip
    clients: list[Any] = [app.test_client() for _ in range(4)]
    forms = [
        (
            client,
            "/concerns/new",
            fields | {"csrf_token": client.page("/concerns/new").form("/concerns/new")["csrf_token"]},
        )
        for client in clients
    ]
    assert sent(forms) == [200] * 4
    assert len(rows(app, Concern)) == len(rows(app, Identity)) == len(rows(app, LedgerEntry)) == 1
    is_whole(app)


def test_all_who_are_told_at_once_whom_to_call_are_counted_and_none_is_stopped(app: Flask) -> None:
    fields = {
        "step": "story",
        "mode": "private",
        "category": "speeding",
        "title": "T",
        "story": "He has a gun.",
    }
    forms: list[Form] = []
    for client in (app.test_client() for _ in range(4)):
        token = client.page("/concerns/new").form("/concerns/new")["csrf_token"]
        forms.append((client, "/concerns/new", fields | {"csrf_token": token}))
    assert sent(forms) == [200] * 4
    assert [found.times for found in rows(app, DangerCount)] == [4]


@pytest.mark.parametrize("way", ["one into two others", "each into the other", "the same twice"])
def test_two_merges_at_once_are_one(app: Flask, saved: Saved, two: tuple[int, int], way: str) -> None:
    a, b, c = saved(lambda: [concerns.concern(title=f"Number {n}").reference for n in range(3)])
    pairs = {
        "one into two others": ((a, b), (a, c)),
        "each into the other": ((a, b), (b, a)),
        "the same twice": ((a, b), (a, b)),
    }[way]
    forms = [
        opened(app, person, f"/desk/concerns/{what}/merge", "/merge", into=into)
        for person, (what, into) in zip(two, pairs, strict=True)
    ]
    assert sent(forms) == [303, 422]
    assert sum(row.merged_into_id is not None for row in rows(app, Concern)) == 1
    assert [entry.act for entry in rows(app, LedgerEntry)].count("concern.merge") == 1
    is_whole(app)


def test_of_two_officers_who_take_a_concern_at_once_one_has_it_and_the_other_is_told(
    app: Flask, saved: Saved
) -> None:
    people = saved(lambda: [accounts.person(Role.OFFICER).id for _ in range(4)])
    reference = saved(lambda: concerns.concern().reference)
    forms = [opened(app, person, f"/desk/concerns/{reference}", "/take") for person in people]
    assert sent(forms) == [303] * 4
    assert [entry.act for entry in rows(app, LedgerEntry)].count("concern.assign") == 1
    holder = rows(app, Concern)[0].assigned_to_id
    for (client, _path, _fields), person in zip(forms, people, strict=True):
        words = client.page(f"/desk/concerns/{reference}").text()
        assert ("is yours now" in words) is (person == holder)
        assert ("Somebody else has this concern" in words) is (person != holder)


def test_two_assignments_at_once_are_both_kept_in_their_order(
    app: Flask, saved: Saved, two: tuple[int, int]
) -> None:
    officers = saved(lambda: [accounts.person(Role.OFFICER).id for _ in range(2)])
    reference = saved(lambda: concerns.concern().reference)
    page = f"/desk/concerns/{reference}"
    forms = [
        opened(app, person, page, "/assign", **{"assign-to": str(officer)})
        for person, officer in zip(two, officers, strict=True)
    ]
    assert sent(forms) == [303, 303]
    given = [entry.detail["to"] for entry in rows(app, LedgerEntry) if entry.act == "concern.assign"]
    assert sorted(given) == sorted(officers)
    assert rows(app, Concern)[0].assigned_to_id == given[-1]


def test_a_dispute_while_somebody_closes_leaves_one_of_the_two_orders(
    app: Flask, saved: Saved, two: tuple[int, int]
) -> None:
    code = new_code()
    reference = saved(lambda: concerns.concern(Mode.ANONYMOUS, code=code).reference)
    closing = {"close-closed_as": "referred", "close-text": "The city does that.", "action": "send"}
    forms = [
        opened(app, two[0], f"/desk/concerns/{reference}", "/close", **closing),
        by_code(app, code, "dispute", "It is not done."),
    ]
    assert sent(forms) in ([200, 303], [303, 422])  # disputed after the closing, or before there was one
    disputes = rows(app, Dispute)
    status = rows(app, Concern)[0].status
    assert status is (Status.REOPENED if disputes else Status.CLOSED)
    is_whole(app)


def test_a_closing_is_disputed_once_however_often_the_button_is_pressed_in_two_windows(
    app: Flask, saved: Saved
) -> None:
    code = new_code()

    def closed() -> None:
        made = concerns.concern(Mode.ANONYMOUS, code=code)
        officer = accounts.person(Role.OFFICER)
        close_concern(actor=officer, concern=made, closed_as=Closing.REFERRED, text="The city does that.")

    saved(closed)
    forms = [by_code(app, code, "dispute", f"It is not done ({n}).") for n in range(3)]
    assert sent(forms) == [200, 422, 422]
    assert len(rows(app, Dispute)) == 1
    is_whole(app)


def test_a_dispute_is_decided_once(app: Flask, saved: Saved, two: tuple[int, int]) -> None:
    def disputed() -> str:
        made = concerns.concern()
        concerns.dispute(made)
        return made.reference

    page = f"/desk/concerns/{saved(disputed)}/dispute"
    words = {"text": "We looked again."}
    forms = [
        opened(app, two[0], page, "/dispute", outcome="upheld", **words),
        opened(app, two[1], page, "/dispute", outcome="overturned", **words),
    ]
    statuses = sent(forms)
    assert statuses[0] == 303
    assert statuses[1] in (404, 422)
    decided = [entry for entry in rows(app, Entry) if entry.text == "We looked again."]
    assert len(decided) == 1
    is_whole(app)


def test_an_answer_to_both_and_a_merge_between_them_wait_for_each_other_without_a_knot(
    app: Flask, saved: Saved, two: tuple[int, int]
) -> None:
    def made() -> tuple[str, str]:
        supervisor = accounts.person(Role.SUPERVISOR)
        first, second = sorted((concerns.concern() for _ in range(2)), key=lambda concern: concern.id)
        merge_concern(actor=supervisor, concern=first, into=second)  # held in the other order by who answers
        return first.reference, second.reference

    for turn in range(5):
        merged, main = saved(made)
        words = {"answer-text": f"To both, {turn}.", "answer-also": merged, "action": "send"}
        forms = [
            opened(app, two[0], f"/desk/concerns/{main}", "/answer", **words),
            opened(app, two[1], f"/desk/concerns/{merged}/merge", "/merge", into=main),
        ]
        assert sent(forms) == [303, 422]
    is_whole(app)
