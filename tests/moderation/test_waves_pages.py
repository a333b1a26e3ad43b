"""The pages about waves, as moderators, authors and readers of the log meet them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Role
from forum.core.mail import Message
from forum.extensions import db
from forum.moderation import jobs
from forum.moderation.messages import decided, wave_undone
from forum.moderation.models import Case, Wave
from forum.moderation.operations import waves
from forum.moderation.queries import waves as queries
from forum.moderation.registry import Shown
from forum.moderation.vocabulary import ModerationNotice
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient
from tests.factories.accounts import person, sign_in
from tests.factories.moderation import KIND, Notes, note, wave
from tests.pages import Page

FLOOD = "Buy your roof from us, best roofs in town."
Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def town(saved: Saved) -> dict[str, Any]:
    def prepare() -> dict[str, Any]:
        author, other = person(name="Ann Author"), person(name="Otto Other")
        veiled = note(other, FLOOD, author_name="Resident of Eastside", veiled=True)
        return {
            "author": author.id, "officer": person(Role.OFFICER).id, "second": person(Role.OFFICER).id,
            "flood": [note(author, FLOOD, title=title).id for title in ("Lights", "Trees", "Cars")],
            "veiled": veiled.id,
            "calm": note(other, "My street floods when it rains.").id,
        }  # fmt: skip

    made: dict[str, Any] = saved(prepare)
    return made


@pytest.fixture
def as_(app: Flask) -> Callable[[int], Any]:
    return lambda someone: sign_in(app.test_client(), someone)


def press(officer: Any, address: str, **more: Any) -> Any:
    """Fill in the form of a preview and send it."""
    page = officer.page(address)
    return officer.post(
        "/desk/moderation/waves",
        data={**page.form("/waves"), "rule": "5", "words": "Again and again.", **more},
    )


def test_a_moderator_sees_what_would_be_hidden_presses_once_and_takes_it_back(
    town: dict[str, Any], as_: Callable[[int], Any], notes: Notes, client: Any
) -> None:
    officer = as_(town["officer"])
    start = officer.page("/desk/moderation/waves")
    address = next(link for link in start.links() if "same=note" in link)
    preview = officer.page(address)
    assert preview.text().count("Buy your roof") == 4
    assert "4 posts" in preview.text()
    assert all(where in preview.text() for where in ("Lights", "Trees", "Cars"))
    assert "Ann Author, in one message" in preview.text()
    assert "Otto Other" not in preview.text()
    assert "My street" not in preview.text()
    sent = press(officer, address)
    assert sent.status_code == 303
    assert [notes.things[each].shown for each in (*town["flood"], town["veiled"])] == [Shown.HIDDEN] * 4
    assert notes.things[town["calm"]].shown is Shown.SHOWN
    wave_page = officer.page(sent.headers["Location"])
    assert "Hidden: 4" in wave_page.text()
    assert "Otto Other" not in wave_page.text()
    assert client.page("/moderation/log").text().count("Taken back") == 0
    undone = officer.post(f"{sent.headers['Location']}/undo", data=wave_page.form("/undo"))
    assert undone.status_code == 303
    assert {thing.shown for thing in notes.things.values()} == {Shown.SHOWN}
    assert client.page("/moderation/log").text().count("Taken back") == 4
    assert client.get("/moderation/log.csv").text.count('"yes"\r\n') == 4


def test_an_author_is_chosen_by_name_and_nothing_of_theirs_under_a_veil_comes_along(
    town: dict[str, Any], as_: Callable[[int], Any], notes: Notes
) -> None:
    officer = as_(town["officer"])
    other = notes.things[town["calm"]].author_id
    preview = officer.page(f"/desk/moderation/waves/preview?author={other}&author=zz")
    assert "1 post" in preview.text()
    assert "Eastside" not in preview.text()
    nobody = officer.get("/desk/moderation/waves/preview?author=x&since=never")
    assert (nobody.status_code, "/desk/moderation/waves?" in nobody.headers["Location"]) == (303, True)


def test_only_what_the_preview_showed_is_hidden_and_a_missing_rule_loses_nothing(
    town: dict[str, Any], as_: Callable[[int], Any], notes: Notes
) -> None:
    officer, address = as_(town["officer"]), f"/desk/moderation/waves/preview?author={town['author']}"
    first, second, third = town["flood"]
    again = press(officer, address, rule="", things=f"{KIND}:{first} {KIND}:{town['calm']}")
    assert again.status_code == 422
    assert "Again and again." in again.text
    form = Page(again.text).form("/waves")
    assert form["things"] == f"{KIND}:{first} {KIND}:{town['calm']}"
    sent = officer.post("/desk/moderation/waves", data={**form, "rule": "5"})
    assert sent.status_code == 303
    assert notes.things[first].shown is Shown.HIDDEN
    assert {notes.things[each].shown for each in (second, third, town["calm"])} == {Shown.SHOWN}
    assert press(officer, address, things="").status_code == 422


def test_a_wave_larger_than_a_piece_goes_on_by_itself(
    app: Flask, town: dict[str, Any], saved: Saved, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waves, "PIECE", 2)
    things = [notes.things[each] for each in (*town["flood"], town["veiled"])]
    made = saved(lambda: wave(person(Role.OFFICER), *things)).id
    with app.app_context():
        assert db.session.scalars(queries.busy()).all() == [made]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Notification)) == 0
        jobs.finish_waves()
        assert not db.session.get_one(Wave, made).busy
        kinds = db.session.scalars(sa.select(Notification.kind)).all()
    assert {thing.shown for thing in map(notes.things.get, town["flood"]) if thing} == {Shown.HIDDEN}
    assert kinds == [str(ModerationNotice.DECIDED)] * 2


def test_the_author_reads_it_all_on_one_page_and_hears_of_it_in_one_message(
    app: Flask, town: dict[str, Any], as_: Callable[[int], Any], saved: Saved, notes: Notes
) -> None:
    things = [notes.things[each] for each in town["flood"]]
    made = saved(lambda: wave(person(Role.OFFICER), *things)).id
    with app.test_request_context():
        lead = db.session.scalars(queries.leads_of(made)).one()
        code, row = lead.case.code, Notification(subject_id=lead.id)
        to = Recipient(id=town["author"], address="ann@example.org", language="en")
        message = decided(row, to)
        assert isinstance(message, Message)
        assert "3 posts of yours" in message.text
        assert wave_undone(row, to) is None
        codes = db.session.scalars(sa.select(Case.code)).all()
    author = as_(town["author"])
    page = author.page(f"/moderation/{code}")
    others = sorted(set(page.links()) & {f"/moderation/{each}" for each in codes} - {f"/moderation/{code}"})
    assert len(others) == 2
    assert "One appeal is enough" in page.text()
    sent = author.send(others[0], {"words": "I only asked."}, form="/appeal")
    assert sent.status_code == 303
    assert "I only asked." in author.page(f"/moderation/{code}").text()
    undone = as_(town["second"]).page(f"/desk/moderation/waves/{made}")
    assert not [form for form in undone.forms() if "undo" in form.get("action", "")]
