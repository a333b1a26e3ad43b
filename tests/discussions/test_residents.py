"""«Resident of Eastside»: who may be one, who they are, and what is left of them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person, Role
from forum.accounts.operations.erasing import erase
from forum.audit.models import Entry
from forum.core.errors import Refusal
from forum.discussions.models import (
    Draft,
    Post,
    PostState,
    Revision,
    VeiledAuthor,
    VeilLifting,
    VerifiedResident,
)
from forum.discussions.operations.residents import lift_veil, unverify_resident, verify_resident
from forum.discussions.operations.writing import delete_post, edit_post
from forum.extensions import db
from tests.factories import accounts, neighborhoods
from tests.factories import discussions as make


def test_staff_note_where_somebody_lives_and_take_it_away(work: Flask) -> None:
    officer, person = accounts.person(Role.OFFICER), accounts.person()
    east, west = neighborhoods.neighborhood("Eastside"), neighborhoods.neighborhood("Westside")
    verify_resident(actor=officer, person=person, area=east)
    verify_resident(actor=officer, person=person, area=west)
    row = db.session.query(VerifiedResident).one()
    assert (row.neighborhood_id, row.verified_by_id) == (west.id, officer.id)
    unverify_resident(actor=officer, person=person)
    assert db.session.query(VerifiedResident).count() == 0
    with pytest.raises(Refusal):
        verify_resident(actor=accounts.person(Role.REVIEWER), person=person, area=east)
    acts = db.session.scalars(select(Entry.act).where(Entry.subject_kind == "person").order_by(Entry.id))
    assert list(acts) == ["resident.verify", "resident.verify", "resident.unverify"]


def test_who_stands_behind_a_veil_edits_and_takes_back_without_showing_it(work: Flask) -> None:
    person, topic = make.verified(), make.topic()
    post = make.post(topic, author=person, as_resident=True)
    edit_post(actor=person, post=post, text="Changed.")
    kept = db.session.query(Revision).one()
    assert (kept.by_staff, kept.by_id, post.text) == (False, None, "Changed.")
    with pytest.raises(Refusal):
        edit_post(actor=make.verified(), post=post, text="Not mine.")
    delete_post(actor=person, post=post)
    assert (post.state, post.author_id) == (PostState.DELETED, None)
    assert "Changed" not in str([entry.detail for entry in db.session.query(Entry)])


def test_slow_mode_counts_what_was_written_under_a_veil(work: Flask) -> None:
    person, topic = make.verified(), make.topic()
    topic.slow_seconds = 600
    make.post(topic, author=person, as_resident=True)
    with pytest.raises(Refusal, match="slow mode"):
        make.post(topic, author=person)


def test_only_a_reviewer_lifts_a_veil_with_a_reason_that_is_kept(work: Flask) -> None:
    person, topic, reviewer = make.verified(), make.topic(), accounts.person(Role.REVIEWER)
    post, open_ = make.post(topic, author=person, as_resident=True), make.post(topic)
    for actor, which, reason in (
        (accounts.person(Role.SUPERVISOR), post, "Threats."), (reviewer, post, "  "), (reviewer, open_, "Threats."),
    ):  # fmt: skip
        with pytest.raises(Refusal):
            lift_veil(actor=actor, post=which, reason=reason)
    assert db.session.query(VeilLifting).count() == 0
    assert lift_veil(actor=reviewer, post=post, reason="Threats.") is person
    kept = db.session.query(VeilLifting).one()
    assert (kept.post_id, kept.reader_id, kept.reason) == (post.id, reviewer.id, "Threats.")
    entry = db.session.scalars(select(Entry).where(Entry.act == "veil.lift")).one()
    assert (entry.subject_id, entry.detail) == (post.id, {})


def test_an_erased_account_leaves_its_posts_to_nobody_and_no_veil(work: Flask) -> None:
    person, topic = make.verified(), make.topic()
    plain, veiled = make.post(topic, author=person), make.post(topic, author=person, as_resident=True)
    edit_post(actor=person, post=plain, text="Changed.")
    erase(person)
    db.session.expire_all()
    assert (plain.author_id, plain.text, veiled.resident_of_id is None) == (None, "Changed.", False)
    assert db.session.query(VeiledAuthor).count() == db.session.query(VerifiedResident).count() == 0
    assert db.session.query(Revision).one().by_id is None
    reviewer = accounts.person(Role.REVIEWER)
    assert lift_veil(actor=reviewer, post=veiled, reason="Threats.") is None


@pytest.fixture
def site(saved: Any) -> dict[str, Any]:
    def prepare() -> dict[str, Any]:
        area, topic = neighborhoods.neighborhood("Eastside"), make.topic()
        person = make.verified(accounts.person(name="Ada Green", email="ada@example.org"), area)
        post = make.post(topic, author=person, as_resident=True, text="I saw it all.")
        return {
            "path": f"/topics/{topic.id}-{topic.slug}", "post": post.id, "ada": person.id, "area": area.id,
            "other": accounts.person().id, "twin": accounts.person(name="Ada Green").id,
            **{role: accounts.person(Role(role)).id for role in ("officer", "reviewer", "auditor")},
        }  # fmt: skip

    found: dict[str, Any] = saved(prepare)
    return found


def browser(app: Flask, person: int) -> Any:
    return accounts.sign_in(app.test_client(), person)


def test_only_their_own_page_knows_whose_a_veiled_post_is(
    app: Flask, client: Any, site: dict[str, Any]
) -> None:
    edit = f"/posts/{site['post']}/edit"
    assert edit in browser(app, site["ada"]).page(site["path"]).links()
    for page in (client.page(site["path"]), browser(app, site["other"]).page(site["path"])):
        assert "Resident of Eastside" in page.text()
        assert edit not in page.links()
        assert "Ada Green" not in page.html
    assert browser(app, site["other"]).get(edit).status_code == 404
    ada = browser(app, site["ada"])
    assert ada.send(edit, {"text": "I saw some."}).status_code == 303
    assert "edited by staff" not in client.page(site["path"]).text()
    assert ada.post(f"/posts/{site['post']}/delete", data=ada.page(edit).form("/delete")).status_code == 303
    assert "I saw some." not in client.page(site["path"]).text()


def test_a_reviewer_reads_the_name_once_and_everybody_reads_how_often(
    app: Flask, client: Any, site: dict[str, Any]
) -> None:
    path = f"/posts/{site['post']}/author"
    assert "Nobody has opened a name" in client.page("/forums").text()
    for other in ("officer", "auditor", "other"):
        assert browser(app, site[other]).get(path).status_code == 404
        assert path not in browser(app, site[other]).page(site["path"]).links()
    reviewer = browser(app, site["reviewer"])
    assert path in reviewer.page(site["path"]).links()
    assert "Ada Green" not in reviewer.page(path).html
    assert reviewer.send(path, {"reason": ""}).status_code == 422
    shown = reviewer.send(path, {"reason": "A threat against a neighbor."})
    assert "Ada Green" in shown.text
    assert "were opened 1 time," in client.page("/forums").text()


def test_the_desk_finds_an_account_by_its_exact_address_or_name(app: Flask, site: dict[str, Any]) -> None:
    officer = browser(app, site["officer"])
    for who, found in (("ADA@example.org", 1), ("Ada Green", 2), ("Ada", 0), ("ad@example.org", 0)):
        answer = officer.send("/desk/residents", {"who": who}, form="/desk/residents")
        assert answer.text.count("I have seen it: save") == found, who
    assert officer.send("/desk/residents", {"who": ""}, form="/desk/residents").status_code == 422
    token = officer.page("/desk/residents").form("/desk/residents")["csrf_token"]
    twin = site["twin"]
    field = {f"p{twin}-neighborhood": str(site["area"]), "csrf_token": token}
    assert officer.post(f"/desk/residents/{twin}", data=field).status_code == 303
    assert officer.post(f"/desk/residents/{twin}", data={"csrf_token": token}).status_code == 422
    with app.app_context():
        assert db.session.get(VerifiedResident, twin) is not None
    assert officer.post(f"/desk/residents/{twin}/remove", data={"csrf_token": token}).status_code == 303
    with app.app_context():
        assert db.session.get(VerifiedResident, twin) is None
        assert db.session.get(Person, twin) is not None
        assert db.session.get_one(Post, site["post"]).author_id is None


def test_a_draft_keeps_the_choice_not_to_show_ones_name_and_is_its_authors_alone(
    app: Flask, saved: Any
) -> None:
    def prepare() -> dict[str, Any]:
        officer, person, topic = accounts.person(Role.OFFICER), make.verified(), make.topic()
        return {"officer": officer.id, "person": person.id, "reply": f"/topics/{topic.id}/reply"}

    made = saved(prepare)
    own: Any = accounts.sign_in(app.test_client(), made["person"])
    sent = own.send(made["reply"], {"text": "I saw it all.", "as_resident": "y", "then": "draft"})
    assert sent.status_code == 303
    assert own.page(made["reply"]).form()["as_resident"] == "y"
    officer: Any = accounts.sign_in(app.test_client(), made["officer"])
    assert "I saw it all." not in officer.page(made["reply"]).html

    def unverify() -> None:
        person, by = (db.session.get_one(Person, made[who]) for who in ("person", "officer"))
        unverify_resident(actor=by, person=person)

    saved(unverify)  # then it is refused, and never goes out under the name
    form = own.page(made["reply"]).form()
    assert own.post(made["reply"], data=form).status_code == 422
    saved(lambda: make.verified(db.session.get_one(Person, made["person"])))
    assert own.post(made["reply"], data=form).status_code == 303
    with app.app_context():
        post = db.session.scalars(select(Post).where(Post.number == 2)).one()
        assert post.author_id is None
        assert db.session.query(Draft).count() == 0
