"""Disputes, merges, words for answers, passing on, and the record of who was in danger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Role
from forum.concerns.models import (
    About,
    Closing,
    Concern,
    DutyEntry,
    DutyKind,
    DutyStep,
    Entry,
    Item,
    Mode,
    Outcome,
    Status,
    Template,
    Transfer,
)
from forum.concerns.operations.deciding import decide_dispute
from forum.concerns.operations.duty import add_duty_step, open_duty
from forum.concerns.operations.merging import merge_concern, unmerge_concern
from forum.concerns.operations.recusing import recuse
from forum.concerns.operations.transferring import answer_transfer, ask_transfer, send_transfer
from forum.concerns.operations.working import answer_concern, close_concern
from forum.concerns.parcel import parcel
from forum.concerns.queries.thread import entries_of
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.templating import date_short
from forum.core.transactions import unit_of_work
from forum.extensions import db
from tests.factories import accounts, concerns
from tests.factories.accounts import sign_in

Saved = Callable[[Callable[[], Any]], Any]


def words_of(concern: Concern) -> list[str]:
    return [entry.text for entry in db.session.scalars(entries_of(concern)) if entry.text]


# Disputes


def closed(by: Any) -> Concern:
    made = concerns.concern()
    close_concern(actor=by, concern=made, closed_as=Closing.REFERRED, text="The city does that.")
    return made


def test_somebody_else_decides_and_the_concern_goes_on(work: Flask) -> None:
    closer, other = accounts.person(Role.OFFICER), accounts.person(Role.OFFICER)
    made = closed(closer)
    found = concerns.dispute(made, closer)
    with pytest.raises(Refusal):
        decide_dispute(actor=closer, concern=made, outcome=Outcome.UPHELD, text="I was right.")
    decide_dispute(actor=other, concern=made, outcome=Outcome.OVERTURNED, text="You are right.")
    assert (made.status, found.outcome, found.decided_by_id) == (
        Status.REOPENED,
        Outcome.OVERTURNED,
        other.id,
    )
    with pytest.raises(Refusal):
        decide_dispute(actor=other, concern=made, outcome=Outcome.UPHELD, text="Again.")


def test_what_is_disputed_is_not_closed_again_before_it_is_decided(work: Flask) -> None:
    closer, other = accounts.person(Role.OFFICER), accounts.person(Role.OFFICER)
    made = closed(closer)
    concerns.dispute(made, closer)
    for officer in (closer, other):
        with pytest.raises(Refusal):
            close_concern(actor=officer, concern=made, closed_as=Closing.REFERRED, text="Once more.")
    assert made.status is Status.REOPENED
    decide_dispute(actor=other, concern=made, outcome=Outcome.OVERTURNED, text="You are right.")
    close_concern(actor=other, concern=made, closed_as=Closing.REFERRED, text="The city has done it.")
    assert made.status is Status.CLOSED


def test_nobody_decides_who_answers_to_who_closed(work: Flask) -> None:
    chief = accounts.person(Role.SUPERVISOR)
    sergeant = accounts.person(Role.SUPERVISOR, answers_to_id=chief.id)
    officer = accounts.person(Role.OFFICER, answers_to_id=sergeant.id)
    made = closed(chief)
    concerns.dispute(made, chief)
    for below in (sergeant, officer):
        with pytest.raises(Refusal):
            decide_dispute(actor=below, concern=made, outcome=Outcome.UPHELD, text="Fine.")


def test_an_upheld_closing_stays_closed_and_says_why(work: Flask) -> None:
    closer = accounts.person(Role.OFFICER)
    made = closed(closer)
    concerns.dispute(made, closer)
    decide_dispute(
        actor=accounts.person(Role.REVIEWER), concern=made, outcome=Outcome.UPHELD, text="The city has it."
    )
    assert made.status is Status.CLOSED
    assert words_of(made)[-1] == "The city has it."


def test_a_dispute_is_decided_from_its_list(app: Flask, saved: Saved) -> None:
    def make() -> tuple[int, int, str]:
        closer, other = accounts.person(Role.OFFICER), accounts.person(Role.OFFICER)
        made = closed(closer)
        concerns.dispute(made, closer)
        return closer.id, other.id, made.reference

    closer, other, reference = saved(make)
    own: Any = sign_in(app.test_client(), closer)
    assert "Somebody else decides" in own.page("/desk/concerns/disputes").text()
    token = own.page("/account/name").form()["csrf_token"]
    data = {"csrf_token": token, "outcome": "upheld", "text": "No."}
    assert own.post(f"/desk/concerns/{reference}/dispute", data=data).status_code == 422
    client: Any = sign_in(app.test_client(), other)
    address = f"/desk/concerns/{reference}/dispute"
    assert address in client.page("/desk/concerns/disputes").links()
    assert client.send(address, {"outcome": "overturned"}).status_code == 422
    assert client.send(address, {"outcome": "overturned", "text": "You are right."}).status_code == 303
    assert "Reopened" in client.page(f"/desk/concerns/{reference}").text()
    assert client.get(address).status_code == 404


# Merges


def test_three_modes_are_merged_and_each_reads_the_answer_in_a_thread_of_its_own(work: Flask) -> None:
    officer = accounts.person(Role.OFFICER)
    main, private, quiet = (concerns.concern(mode) for mode in (Mode.PUBLIC, Mode.PRIVATE, Mode.ANONYMOUS))
    for other in (private, quiet):
        merge_concern(actor=officer, concern=other, into=main)
    answer_concern(
        actor=officer, concern=main, text="A lamp comes.", status=Status.ANSWERED, also=[private, quiet]
    )
    assert [concern.mode for concern in (main, private, quiet)] == [
        Mode.PUBLIC,
        Mode.PRIVATE,
        Mode.ANONYMOUS,
    ]
    for concern in (main, private, quiet):
        assert words_of(concern) == ["A lamp comes."]
        assert concern.status is Status.ANSWERED
    public = db.session.scalars(select(Entry.concern_id).where(Entry.public)).all()
    assert set(public) == {main.id}
    for concern, other in ((main, private), (private, main), (quiet, main)):
        assert other.reference not in str(words_of(concern))


@pytest.mark.parametrize("mode", [Mode.PRIVATE, Mode.ANONYMOUS])
def test_what_is_written_to_one_who_is_not_public_is_published_nowhere(work: Flask, mode: Mode) -> None:
    supervisor = accounts.person(Role.SUPERVISOR)
    main, public = concerns.concern(mode), concerns.concern(Mode.PUBLIC)
    merge_concern(actor=supervisor, concern=public, into=main)
    answer_concern(actor=supervisor, concern=main, text="You told us of your neighbor.", also=[public])
    said = select(Entry).where(Entry.concern_id == public.id, Entry.text != "")
    assert [entry.public for entry in db.session.scalars(said)] == [False]


def test_merging_changes_neither_status_nor_clock_and_can_be_undone(work: Flask) -> None:
    officer = accounts.person(Role.OFFICER)
    main, other = concerns.concern(), concerns.concern()
    other.due_at = due = clock.now() - timedelta(hours=5)
    merge_concern(actor=officer, concern=other, into=main)
    assert (other.status, other.due_at) == (Status.RECEIVED, due)
    unmerge_concern(actor=officer, concern=other)
    assert other.merged_into_id is None
    with pytest.raises(Refusal):
        answer_concern(actor=officer, concern=main, text="Both.", also=[other])


def test_there_are_no_chains_and_no_circles(work: Flask) -> None:
    officer = accounts.person(Role.OFFICER)
    first, second, third = (concerns.concern() for _ in range(3))
    merge_concern(actor=officer, concern=first, into=second)
    for concern, into in ((first, first), (second, first), (second, third), (third, first), (first, third)):
        with pytest.raises(Refusal):
            merge_concern(actor=officer, concern=concern, into=into)


def test_who_is_recused_from_either_cannot_merge_them_nor_learns_of_it(work: Flask) -> None:
    officer, other = accounts.person(Role.OFFICER), accounts.person(Role.OFFICER)
    main, hidden = concerns.concern(Mode.PUBLIC), concerns.concern()
    recuse(actor=None, concern=hidden, people=[officer])
    for concern, into in ((hidden, main), (main, hidden)):
        with pytest.raises(Refusal):
            merge_concern(actor=officer, concern=concern, into=into)
    merge_concern(actor=other, concern=hidden, into=main)
    with pytest.raises(Refusal):
        answer_concern(actor=officer, concern=main, text="Both.", also=[hidden])
    assert words_of(hidden) == []


def test_what_is_about_an_officer_is_not_merged_with_what_is_not(work: Flask) -> None:
    reviewer = accounts.person(Role.REVIEWER)
    complaint = concerns.concern(about=About.COMPLAINT, category="officer")
    with pytest.raises(Refusal):
        merge_concern(actor=reviewer, concern=complaint, into=concerns.concern(Mode.PUBLIC))


def test_merging_on_the_page_names_no_concern_that_is_kept_from_the_reader(app: Flask, saved: Saved) -> None:
    def make() -> tuple[int, str, str, str]:
        officer, reviewer = accounts.person(Role.OFFICER), accounts.person(Role.REVIEWER)
        main, hidden, seen = concerns.concern(Mode.PUBLIC), concerns.concern(), concerns.concern()
        recuse(actor=None, concern=hidden, people=[officer])
        merge_concern(actor=reviewer, concern=hidden, into=main)
        return officer.id, main.reference, hidden.reference, seen.reference

    officer, main, hidden, seen = saved(make)
    client: Any = sign_in(app.test_client(), officer)
    assert client.send(f"/desk/concerns/{seen}/merge", {"into": hidden}).status_code == 422
    assert client.send(f"/desk/concerns/{seen}/merge", {"into": main.lower()}).status_code == 303
    page = client.page(f"/desk/concerns/{main}")
    assert seen in page.text()
    assert hidden not in page.html
    sent = client.send(
        f"/desk/concerns/{main}",
        {"answer-text": "To both.", "answer-also": seen, "action": "send"},
        form="/answer",
    )
    assert sent.status_code == 303
    assert "To both." in client.page(f"/desk/concerns/{seen}").text()
    client.send(f"/desk/concerns/{seen}", form="/unmerge")
    assert seen not in client.page(f"/desk/concerns/{main}").html


# Words for answers


def test_words_say_how_hard_they_read_and_begin_an_answer(app: Flask, saved: Saved) -> None:
    supervisor, reference = saved(lambda: (accounts.person(Role.SUPERVISOR).id, concerns.concern().reference))
    client: Any = sign_in(app.test_client(), supervisor)
    hard = "Notwithstanding jurisdictional considerations, departmental representatives will investigate accordingly."
    for name, text in (("Easy", "Thank you. We will look at it today."), ("Hard", hard)):
        sent = client.send("/desk/concerns/templates/new", {"name": name, "text": text})
        assert sent.status_code == 303
    page = client.page("/desk/concerns/templates")
    assert page.text().count("Hard to read") == 1
    with app.app_context(), unit_of_work():
        easy = db.session.scalars(select(Template).where(Template.name == "Easy")).one()
        easy.reviewed_on = clock.today() - timedelta(days=400)
        easy_id, today = easy.id, date_short(clock.today())
    assert "Over a year ago" in client.page("/desk/concerns/templates").text()
    case = client.page(f"/desk/concerns/{reference}?template={easy_id}")
    assert "We will look at it today." in case.form("/answer")["answer-text"]
    assert "Hard (hard to read, English, grade" in case.text()
    assert client.page(f"/desk/concerns/{reference}?template=x{easy_id}").form("/answer")["answer-text"] == ""
    client.send(f"/desk/concerns/templates/{easy_id}", {"text": "Thanks.", "title": "We have it"})
    chosen = client.page(f"/desk/concerns/{reference}").text()
    assert f"We have it (English, grade 0, looked at {today})" in chosen
    assert "Over a year ago" not in client.page("/desk/concerns/templates").text()
    client.send(f"/desk/concerns/templates/{easy_id}", form="/remove")
    assert "Easy" not in client.page("/desk/concerns/templates").text()


def test_a_name_that_other_words_have_is_refused_beside_it_and_nothing_typed_is_lost(
    app: Flask, saved: Saved
) -> None:
    client: Any = sign_in(app.test_client(), saved(lambda: accounts.person(Role.SUPERVISOR).id))
    words = {"name": "Thanks", "text": "Thank you."}
    assert client.send("/desk/concerns/templates/new", words).status_code == 303
    again = client.send("/desk/concerns/templates/new", words | {"text": "Many thanks."})
    assert again.status_code == 422
    assert "There are words of this name in this language." in again.text
    assert "Many thanks." in again.text


# Passing on


def test_nothing_leaves_before_the_person_agrees_and_nothing_when_they_refuse(work: Flask) -> None:
    officer = accounts.person(Role.OFFICER)
    made = concerns.concern()
    asked = ask_transfer(
        actor=officer, concern=made, to_name="City lights", why="They mend.", items=[Item.STORY]
    )
    assert "City lights" in words_of(made)[-1]
    for _ in range(2):
        with pytest.raises(Refusal):
            send_transfer(actor=officer, transfer=asked)
        assert parcel(asked, made) == {}
        if asked.answered_at is None:
            answer_transfer(transfer=asked, items=[])
    assert asked.is_refused


def test_only_what_was_asked_for_and_agreed_to_leaves(work: Flask) -> None:
    officer = accounts.person(Role.OFFICER)
    made = concerns.concern(place="Wells and Ohio")
    asked = ask_transfer(
        actor=officer, concern=made, to_name="City lights", why="They mend.", items=[Item.STORY, Item.PLACE]
    )
    answer_transfer(transfer=asked, items=[Item.PLACE, Item.NAME], actor=officer, by_phone=True)
    send_transfer(actor=officer, transfer=asked)
    assert parcel(asked, made) == {Item.PLACE: ["Wells and Ohio"]}
    with pytest.raises(Refusal):
        answer_transfer(transfer=asked, items=[Item.STORY])


@pytest.mark.parametrize("mode", [Mode.ANONYMOUS, Mode.CONFIDENTIAL])
def test_a_hidden_identity_is_never_asked_for(work: Flask, mode: Mode) -> None:
    made = concerns.concern(mode)
    officer = accounts.person(Role.REVIEWER)
    with pytest.raises(Refusal):
        ask_transfer(actor=officer, concern=made, to_name="X", why="Y", items=[Item.NAME, Item.CONTACT])


def test_consent_by_phone_is_taken_down_and_what_was_agreed_to_is_shown_alone(
    app: Flask, saved: Saved
) -> None:
    officer, reference = saved(
        lambda: (accounts.person(Role.OFFICER).id, concerns.concern(place="Wells and Ohio").reference)
    )
    client: Any = sign_in(app.test_client(), officer)
    address = f"/desk/concerns/{reference}/transfer"
    assert client.send(address, {"to_name": "City lights"}, form="/transfer").status_code == 422
    asked = {"to_name": "City lights", "why": "They mend.", "shared": ["place", "story"]}
    assert client.send(address, asked, form="/transfer").status_code == 303
    with app.app_context():
        transfer_id = db.session.scalars(select(Transfer.id)).one()
    sent = client.send(address, {f"t{transfer_id}-shared": ["place"]}, form="/by-phone")
    assert sent.status_code == 303
    assert client.send(address, form="/send").status_code == 303
    page = client.page(address)
    assert "Wells and Ohio" in page.text()
    assert concerns.STORY not in page.text()


# Duty


def test_the_record_of_a_danger_cannot_be_changed(work: Flask) -> None:
    officer = accounts.person(Role.OFFICER)
    made = concerns.concern()
    open_duty(actor=officer, concern=made, kind=DutyKind.SELF_HARM)
    db.session.flush()
    for statement in ("UPDATE duty_entry SET told = 'nobody'", "DELETE FROM duty_entry"):
        with pytest.raises(sa.exc.DBAPIError), db.session.begin_nested():
            db.session.execute(sa.text(statement))
    assert db.session.scalars(select(DutyEntry.step)).all() == [DutyStep.OPENED]


def test_a_checklist_opened_twice_is_one_and_asks_who_was_told(work: Flask) -> None:
    officer = accounts.person(Role.OFFICER)
    made = concerns.concern()
    first = open_duty(actor=officer, concern=made, kind=DutyKind.THREAT)
    assert open_duty(actor=officer, concern=made, kind=DutyKind.ABUSE).id == first.id
    with pytest.raises(Refusal):
        add_duty_step(actor=officer, concern=made, step=DutyStep.TOLD_SUPERVISOR)
    add_duty_step(actor=officer, concern=made, step=DutyStep.TOLD_SUPERVISOR, told="Sgt. Kim")
    add_duty_step(actor=officer, concern=made, step=DutyStep.ENDED, text="She is with her sister.")
    with pytest.raises(Refusal):
        add_duty_step(actor=officer, concern=made, step=DutyStep.NOTED, text="After the end.")


def test_the_duty_page_starts_a_clock_and_keeps_each_step(app: Flask, saved: Saved) -> None:
    officer, reference = saved(lambda: (accounts.person(Role.OFFICER).id, concerns.concern().reference))
    client: Any = sign_in(app.test_client(), officer)
    address = f"/desk/concerns/{reference}/duty"
    assert client.send(address).status_code == 422
    assert client.send(address, {"kind": "self_harm"}).status_code == 303
    assert "Open for 0 minutes" in client.page(address).text()
    assert "duty checklist is open" in client.page(f"/desk/concerns/{reference}").text()
    assert client.send(address, {"step": "told_supervisor"}, form="/steps").status_code == 422
    sent = client.send(address, {"step": "told_supervisor", "told": "Sgt. Kim"}, form="/steps")
    assert sent.status_code == 303
    assert "Sgt. Kim" in client.page(address).text()
