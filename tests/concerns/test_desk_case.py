"""The case on one screen: previews, two people at once, notes, hands, identity, and 404 for who is recused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person, Role
from forum.audit.models import Entry as LedgerEntry
from forum.concerns.models import About, Concern, Entry, IdentityReading, Mode, Note, Recusal, Status
from forum.concerns.operations.recusing import recuse
from forum.concerns.operations.speaking import write_again
from forum.concerns.operations.submitting import Contact
from forum.concerns.operations.working import add_note, assign_concern
from forum.core.transactions import unit_of_work
from forum.extensions import db
from tests.concerns.test_at_once import rows
from tests.factories import accounts, concerns
from tests.factories.accounts import sign_in
from tests.factories.site import SPECIAL_CONCERN, everything
from tests.pages import Page

Saved = Callable[[Callable[[], Any]], Any]
MARK = "zq-internal-mark-zq"


class Desk:
    """A browser of somebody at the desk, and the concern they look at."""

    def __init__(
        self, app: Flask, saved: Saved, mode: Mode = Mode.PRIVATE, role: Role = Role.OFFICER, **changes: Any
    ) -> None:
        self.app = app

        def make() -> tuple[int, int, str]:
            person, made = accounts.person(role), concerns.concern(mode, **changes)
            return person.id, made.id, made.reference

        self.person_id, self.id, reference = saved(make)
        self.url = f"/desk/concerns/{reference}"
        self.client = sign_in(app.test_client(), self.person_id)

    def send(self, form: str, **data: Any) -> Any:
        """Fill and send one of the page's forms."""
        return self.client.send(self.url, data, form=form)

    def preview(self, form: str = "/answer", **data: Any) -> tuple[Any, dict[str, Any]]:
        """The preview, and what its form would send."""
        answer = self.send(form, action="preview", **data)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        page = Page(answer.get_data(as_text=True))
        return page, page.form()

    def act(self, work: Callable[[Concern, Person], Any]) -> Any:
        """Do something else meanwhile."""
        with self.app.app_context(), unit_of_work():
            return work(db.session.get_one(Concern, self.id), db.session.get_one(Person, self.person_id))

    def rows(self, model: Any) -> list[Any]:
        return rows(self.app, model)


@pytest.fixture
def desk(app: Flask, saved: Saved) -> Desk:
    return Desk(app, saved)


def acts(desk: Desk) -> list[str]:
    return [entry.act for entry in desk.rows(LedgerEntry)]


def test_an_answer_is_seen_as_the_resident_will_before_it_is_sent(desk: Desk) -> None:
    page, fields = desk.preview(**{"answer-text": "A patrol comes.", "answer-step": "answered"})
    assert "A patrol comes." in page.text()
    assert "Answered" in page.text()
    assert len(desk.rows(Entry)) == 1
    answer = desk.client.post(f"{desk.url}/answer", data=fields | {"action": "send"})
    assert answer.status_code == 303
    last = max(desk.rows(Entry), key=lambda entry: entry.number)
    assert (last.text, last.status) == ("A patrol comes.", Status.ANSWERED)
    assert "concern.answer" in acts(desk)


def test_the_preview_speaks_the_persons_language(app: Flask, saved: Saved) -> None:
    desk = Desk(app, saved, language="es")
    page, _fields = desk.preview(**{"answer-text": "Vamos.", "answer-step": "in_progress"})
    assert "En curso" in page.text()


def test_a_form_sent_twice_is_one_entry(desk: Desk) -> None:
    _page, fields = desk.preview(**{"answer-text": "Once."})
    for _ in range(2):
        assert desk.client.post(f"{desk.url}/answer", data=fields | {"action": "send"}).status_code == 303
    assert [entry.text for entry in desk.rows(Entry)].count("Once.") == 1


def test_going_back_from_the_preview_keeps_the_words(desk: Desk) -> None:
    _page, fields = desk.preview(**{"answer-text": "Nearly right."})
    answer = desk.client.post(f"{desk.url}/answer", data=fields | {"action": "change"})
    assert answer.status_code == 200
    assert "Nearly right.</textarea>" in answer.get_data(as_text=True)


@pytest.mark.parametrize("form", ["answer", "close"])
def test_what_was_written_meanwhile_is_shown_and_the_words_stay(desk: Desk, form: str) -> None:
    words = {f"{form}-text": "My words."} | ({"close-closed_as": "referred"} if form == "close" else {})
    _page, fields = desk.preview(f"/{form}", **words)
    desk.act(lambda concern, _person: write_again(concern=concern, text="It got worse."))
    answer = desk.client.post(f"{desk.url}/{form}", data=fields | {"action": "send"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "My words.</textarea>" in text
    assert "It got worse." in text
    assert 'class="new"' in text
    from tests.pages import Page

    fresh = Page(text).form(f"/{form}")
    assert desk.client.post(f"{desk.url}/{form}", data=fresh | {"action": "send"}).status_code == 303


def test_a_step_that_the_table_does_not_allow_is_not_offered_and_not_taken(desk: Desk) -> None:
    page = desk.client.page(desk.url)
    assert 'value="reopened"' not in page.html
    answer = desk.send("/answer", action="send", **{"answer-step": "reopened"})
    assert answer.status_code == 422


def test_done_needs_what_shows_it(desk: Desk) -> None:
    words = {"close-closed_as": "done", "close-text": "The lamp is mended."}
    assert desk.send("/close", action="preview", **words).status_code == 422
    assert desk.send("/close", action="send", **words).status_code == 422
    page, fields = desk.preview("/close", **words, **{"close-evidence": "Seen lit on Tuesday."})
    assert "Seen lit on Tuesday." in page.text()
    assert desk.client.post(f"{desk.url}/close", data=fields | {"action": "send"}).status_code == 303
    last = max(desk.rows(Entry), key=lambda entry: entry.number)
    assert (last.status, last.evidence) == (Status.CLOSED, "Seen lit on Tuesday.")


def test_a_note_is_the_desks_alone(desk: Desk) -> None:
    assert desk.send("/notes", **{"note-note": MARK}).status_code == 303
    assert MARK in desk.client.page(desk.url).text()
    page, _fields = desk.preview(**{"answer-text": "Hello."})
    assert MARK not in page.html
    assert MARK not in str([entry.text for entry in desk.rows(Entry)])
    assert MARK not in str([entry.detail for entry in desk.rows(LedgerEntry)])
    assert [note.text for note in desk.rows(Note)] == [MARK]


def test_nobody_off_the_desk_reads_a_note_on_any_page(app: Flask, saved: Saved) -> None:
    site = saved(everything)
    with app.app_context(), unit_of_work():
        made = db.session.scalars(select(Concern).where(Concern.reference == site.values["reference"])).one()
        officer = db.session.get_one(Person, site.people["officer"])
        add_note(actor=officer, concern=made, text=MARK)
    for role in ("visitor", "resident"):
        client: Any = app.test_client()
        client.lint = False
        if role != "visitor":
            sign_in(client, site.people[role])
        for rule in app.url_map.iter_rules():
            if rule.endpoint != "static" and "GET" in (rule.methods or ()):
                answer = client.get(site.address(rule, app))
                assert MARK.encode() not in answer.get_data(), rule.rule


def test_whoever_is_recused_finds_none_of_the_addresses(app: Flask, saved: Saved) -> None:
    site = saved(everything)
    with app.app_context(), unit_of_work():
        for role in ("officer", "supervisor", "reviewer"):
            for made in db.session.scalars(select(Concern)).all():
                named = db.session.get_one(Person, site.people[role])
                recuse(actor=None, concern=made, people=[named])
    answers = {}
    for role in ("officer", "supervisor", "reviewer"):
        client: Any = sign_in(app.test_client(), site.people[role])
        token = client.page("/account/name").form()["csrf_token"]
        for rule in app.url_map.iter_rules():
            if rule.rule.startswith("/desk/concerns") and "reference" in rule.arguments:
                path = site.address(rule, app)
                read = "GET" in (rule.methods or ())
                answer = client.get(path) if read else client.post(path, data={"csrf_token": token})
                answers[role, rule.rule] = answer.status_code
        assert client.get("/desk/concerns?whose=all").status_code == 200
        assert site.values["reference"] not in client.page("/desk/concerns?whose=all").text()
        assert site.values["reference"] not in client.page("/desk/concerns/disputes").text()
    assert len(SPECIAL_CONCERN) <= len(answers)
    assert set(answers.values()) == {404}


def test_a_confidential_identity_is_opened_for_a_reason_and_shown_once(app: Flask, saved: Saved) -> None:
    contact = Contact(name="Marisol Quintero", email="marisol@example.org", phone="555-0142")
    desk = Desk(app, saved, Mode.CONFIDENTIAL, Role.REVIEWER, contact=contact)
    assert "Marisol" not in desk.client.page(desk.url).html
    assert desk.client.send(f"{desk.url}/identity", {"reason": " "}).status_code == 422
    assert desk.rows(IdentityReading) == []
    answer = desk.client.send(f"{desk.url}/identity", {"reason": "She may be in danger."})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Marisol Quintero" in answer.get_data(as_text=True)
    assert "555-0142" in answer.get_data(as_text=True)
    assert [(row.reader_id, row.reason) for row in desk.rows(IdentityReading)] == [
        (desk.person_id, "She may be in danger.")
    ]
    assert "concern.identity.read" in acts(desk)
    for path in (desk.url, f"{desk.url}/identity"):
        assert "Marisol" not in desk.client.page(path).html


@pytest.mark.parametrize("mode", [Mode.ANONYMOUS, Mode.CONFIDENTIAL])
def test_the_desk_learns_the_day_and_not_the_hour_of_who_hides(app: Flask, saved: Saved, mode: Mode) -> None:
    with time_machine.travel(datetime(2026, 3, 4, 21, 47, 13, tzinfo=UTC), tick=False):
        desk = Desk(app, saved, mode, Role.REVIEWER)
        desk.act(lambda concern, _person: write_again(concern=concern, text="It happened again."))
        page = desk.client.page(desk.url)
    assert "3:47" not in page.html
    assert "21:47" not in page.html
    assert "Wed, Mar 4" in page.text()


def test_a_private_name_stands_beside_the_case_and_nobody_opens_an_anonymous_one(
    app: Flask, saved: Saved
) -> None:
    private = Desk(app, saved, contact=Contact(name="Sam Ortiz"))
    assert "Sam Ortiz" in private.client.page(private.url).text()
    quiet = Desk(app, saved, Mode.ANONYMOUS, Role.REVIEWER)
    assert quiet.client.get(f"{quiet.url}/identity").status_code == 404


def test_a_form_beside_the_one_that_failed_stands_as_if_the_page_were_fresh(app: Flask, saved: Saved) -> None:
    desk = Desk(app, saved, Mode.PUBLIC, Role.SUPERVISOR)
    desk.act(lambda concern, person: assign_concern(actor=person, concern=concern, to=person))
    fresh = Page(desk.client.get(desk.url).text)
    failed = Page(desk.send("/close", action="preview").text)
    assert failed.form("/close")["close-last"]
    for form in ("/answer", "/assign"):
        once = {"csrf_token", "answer-key"}
        assert {key: value for key, value in failed.form(form).items() if key not in once} == {
            key: value for key, value in fresh.form(form).items() if key not in once
        }
    assert failed.form("/assign")["assign-to"] == str(desk.person_id)
    assert failed.form("/answer")["answer-public"]


def test_a_public_concern_is_withheld_for_a_reason_and_brought_back(app: Flask, saved: Saved) -> None:
    desk = Desk(app, saved, Mode.PUBLIC, Role.SUPERVISOR)
    assert desk.send("/withhold").status_code == 422
    assert desk.send("/withhold", **{"withhold-reason": "names_somebody"}).status_code == 303
    assert desk.rows(Concern)[0].withheld
    entry = next(row for row in desk.rows(LedgerEntry) if row.act == "concern.withhold")
    assert entry.detail == {"reason": "names_somebody"}
    assert desk.send("/show").status_code == 303
    assert not desk.rows(Concern)[0].withheld


def test_a_concern_is_given_only_to_who_may_have_it(app: Flask, saved: Saved) -> None:
    desk = Desk(app, saved, role=Role.SUPERVISOR)

    def people() -> tuple[int, int]:
        named = accounts.person(Role.OFFICER, name="Named Officer")
        other = accounts.person(Role.OFFICER, name="Other Officer")
        recuse(actor=None, concern=db.session.get_one(Concern, desk.id), people=[named])
        return named.id, other.id

    named, other = saved(people)
    page = desk.client.page(desk.url)
    assert f'value="{other}"' in page.html
    assert f'value="{named}"' not in page.html
    assert desk.send("/assign", **{"assign-to": str(named)}).status_code == 422
    assert desk.send("/assign", **{"assign-to": "99999999999999"}).status_code == 422
    assert desk.send("/assign", **{"assign-to": str(other)}).status_code == 303
    assert desk.rows(Concern)[0].assigned_to_id == other


def test_an_officer_steps_back_and_never_sees_it_again(desk: Desk) -> None:
    assert desk.send("/recuse", **{"recuse-person": str(desk.person_id)}).status_code == 303
    assert desk.client.get(desk.url).status_code == 404
    assert [row.named for row in desk.rows(Recusal)] == [False]


def test_an_officer_cannot_hide_a_concern_from_somebody_else(app: Flask, saved: Saved, desk: Desk) -> None:
    chief = saved(lambda: accounts.person(Role.SUPERVISOR).id)
    assert desk.send("/recuse", **{"recuse-person": str(chief)}).status_code == 422
    assert desk.rows(Recusal) == []


def test_a_complaint_waits_for_a_reviewer_to_say_who_is_named(app: Flask, saved: Saved) -> None:
    desk = Desk(app, saved, role=Role.REVIEWER, about=About.COMPLAINT, category="officer")

    def people() -> tuple[int, int, int]:
        chief = accounts.person(Role.SUPERVISOR)
        officer = accounts.person(Role.OFFICER, answers_to_id=chief.id)
        return officer.id, chief.id, accounts.person(Role.SUPERVISOR).id

    officer, chief, outside = saved(people)
    readers = {person: sign_in(app.test_client(), person) for person in (officer, chief, outside)}
    assert {client.get(desk.url).status_code for client in readers.values()} == {404}
    assert desk.client.send(f"{desk.url}/statement", {"go": "not_me"}).status_code == 303
    assert desk.client.send(f"{desk.url}/screening", {"named": str(officer)}).status_code == 303
    assert {person: client.get(desk.url).status_code for person, client in readers.items()} == {
        officer: 404,
        chief: 404,
        outside: 200,
    }
    assert "concern.screen" in acts(desk)


def test_all_of_an_absent_officers_concerns_are_handed_over_but_what_is_kept_from_the_next(
    app: Flask, saved: Saved
) -> None:
    def make() -> tuple[int, int, int]:
        away, colleague = accounts.person(Role.OFFICER), accounts.person(Role.OFFICER)
        for number in range(3):
            made = concerns.concern()
            assign_concern(actor=away, concern=made, to=away)
            if number == 0:
                recuse(actor=None, concern=made, people=[colleague])
        return accounts.person(Role.SUPERVISOR).id, away.id, colleague.id

    supervisor, away, colleague = saved(make)
    client: Any = sign_in(app.test_client(), supervisor)
    address = "/desk/concerns/hand-over"
    assert client.send(address, {"absent": str(away), "to": str(away)}).status_code == 422
    assert client.send(address, {"absent": "", "to": "nobody"}).status_code == 422
    assert client.send(address, {"absent": str(away), "to": str(colleague)}).status_code == 303
    with app.app_context():
        holders = sorted(str(id_) for id_ in db.session.scalars(select(Concern.assigned_to_id)))
    assert holders == sorted([str(away), str(colleague), str(colleague)])


def test_a_concern_that_became_somebody_elses_is_not_answered_from_an_old_page(
    app: Flask, saved: Saved
) -> None:
    desk = Desk(app, saved, Mode.PRIVATE)
    _page, fields = desk.preview(**{"answer-text": "Too late."})
    desk.act(lambda concern, person: recuse(actor=None, concern=concern, people=[person]))
    assert desk.client.post(f"{desk.url}/answer", data=fields | {"action": "send"}).status_code == 404


@pytest.mark.parametrize(
    "reference", ["CG-0000-0000", "x", "7", "CG-7K3M", "%00", "CG-7K3M-9QPD-1234", "é" * 50]
)
def test_a_reference_that_is_none_leads_nowhere(desk: Desk, reference: str) -> None:
    desk.client.lint = False  # type: ignore[attr-defined]
    assert desk.client.get(f"/desk/concerns/{reference}").status_code in (400, 404)


def test_a_reference_is_found_however_it_is_typed(desk: Desk) -> None:
    typed = desk.client.page(desk.url.replace("CG-", "cg-").lower())
    assert typed.text() == desk.client.page(desk.url).text()
