"""A flood of posts hidden with one press, and everything as it was before after another."""

from __future__ import annotations

import random
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from forum.accounts.models import Person, Role
from forum.audit.models import Entry
from forum.core import clock, search
from forum.core.errors import Refusal
from forum.core.search.models import SearchEntry as Row
from forum.discussions.acts import DiscussionNotice
from forum.discussions.models import Post, PostState, Topic
from forum.discussions.operations.moderating import KIND
from forum.discussions.operations.writing import delete_post
from forum.extensions import db
from forum.moderation.models import (
    Case,
    CaseFinding,
    CaseState,
    Decision,
    Measure,
    Report,
    Turn,
    Verdict,
    Wave,
)
from forum.moderation.operations import waves as operations
from forum.moderation.operations.appealing import decide_appeal, raise_appeal
from forum.moderation.operations.deciding import decide, take
from forum.moderation.operations.reporting import report
from forum.moderation.operations.waves import go_on, hide_wave, undo_wave
from forum.moderation.queries import cases, waves
from forum.moderation.queries.hints import Sign, hints_for
from forum.moderation.queries.selection import Selection, chosen, standing_out
from forum.moderation.registry import thing_of
from forum.moderation.vocabulary import ModerationAct, ModerationNotice
from forum.notifications.models import Delivery, Notification
from tests.factories import accounts
from tests.factories import discussions as make

pytestmark = pytest.mark.usefixtures("work")
FLOOD = "Buy your roof from us, best roofs in town."


def press(officer: Person, posts: list[Post], key: str = "k", **given: Any) -> Wave:
    wanted = {"rule_number": 5, "words": "You posted the same again and again.", **given}
    return hide_wave(actor=officer, key=key, things=[(KIND, post.id) for post in posts], **wanted)


def told(kind: str) -> list[int | None]:
    wanted = sa.select(Notification.recipient_id).where(
        Notification.kind == kind, Notification.delivery == Delivery.PENDING
    )
    return sorted(db.session.scalars(wanted), key=lambda number: number or 0)


def states(wave: Wave) -> dict[Turn, int]:
    db.session.flush()
    return {state: count for _wave, state, count in db.session.execute(waves.counts([wave.id]))}


def picture() -> dict[str, Any]:
    """All that a wave and its undo may change, in values."""
    db.session.flush()
    db.session.expire_all()
    waiting = sa.select(
        Case.kind, Case.thing_id, Case.state, Case.held, Case.due_at, Case.opened_at, Case.assigned_to_id
    )
    heard = sa.select(Report.reporter_id, Case.thing_id).join(Report.case).where(Case.state.in_(cases.OPEN))
    found = sa.select(CaseFinding.filter, Case.thing_id).join(Case, Case.id == CaseFinding.case_id)
    mail = sa.select(Notification.key, Notification.delivery).where(
        Notification.kind == str(DiscussionNotice.TOPIC_MENTIONED)
    )
    posts = db.session.scalars(sa.select(Post).order_by(Post.id)).all()
    topics = db.session.scalars(sa.select(Topic).order_by(Topic.id)).all()
    return {
        "posts": [(post.id, post.state, post.rule_number) for post in posts],
        "topics": [(each.id, each.posts_count, each.posted_at, each.published_at is None) for each in topics],
        "cases": sorted(map(str, db.session.execute(waiting.where(Case.state.in_(cases.OPEN))))),
        "reports": sorted(map(str, db.session.execute(heard))),
        "findings": sorted(map(str, db.session.execute(found.where(Case.state.in_(cases.OPEN))))),
        "mail": sorted(map(str, db.session.execute(mail))),
        "found": sorted(db.session.scalars(sa.select(Row.subject_id).where(Row.kind == KIND))),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_an_undone_wave_leaves_everything_as_it_was(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "PIECE", 4)  # so that a wave of a few is one of several pieces
    chance = random.Random(seed)
    officer, _named = accounts.person(Role.OFFICER), accounts.person(Role.OFFICER, name="Dana Ruiz")
    writers = [accounts.person(), accounts.person(), make.verified()]
    topics = [make.topic(author=writers[0], text=FLOOD), make.topic()]
    posts = [db.session.scalars(make.posts_of(topics[0])).one()]
    for number in range(9):
        writer = chance.choice(writers)
        posts.append(
            make.post(
                chance.choice(topics),
                author=writer,
                text=f"{FLOOD} {number} {'@dana-ruiz' if number % 3 == 0 else ''}",
                hold=chance.random() < 0.3,
                as_resident=writer is writers[2],
            )
        )
    for post in chance.sample(posts, 4):
        made = report(actor=accounts.person(), kind=KIND, thing_id=post.id, rule_number=5, words="Spam.")
        if chance.random() < 0.5:
            take(actor=officer, case=db.session.get_one(Case, made.case_id))
    search.let_in(within=nullcontext)
    before = picture()
    wave = press(officer, posts)
    while go_on(wave.id):
        pass
    assert states(wave) == {Turn.HIDDEN: 10}
    assert {post.state for post in posts} == {PostState.HIDDEN}
    assert picture() != before
    undo_wave(actor=officer, wave=wave)
    while go_on(wave.id):
        pass
    assert states(wave) == {Turn.RESTORED: 10}
    assert picture() == before


def test_a_wave_is_one_act_in_the_ledger_and_one_word_to_each_author() -> None:
    officer, writer, other, reader = accounts.person(Role.OFFICER), *(accounts.person() for _ in range(3))
    topic = make.topic()
    posts = [make.post(topic, author=writer, text=f"{FLOOD} {n}") for n in range(3)]
    posts.append(make.post(topic, author=other, text=FLOOD))
    report(actor=reader, kind=KIND, thing_id=posts[0].id, rule_number=5, words="")
    wave = press(officer, posts)
    assert told(ModerationNotice.DECIDED) == sorted([writer.id, other.id])
    assert told(ModerationNotice.REPORT_ANSWERED) == [reader.id]
    made = db.session.scalars(sa.select(Decision)).all()
    assert {(each.measure, each.rule.number) for each in made} == {(Measure.HIDE, 5)}
    assert len(made) == 4
    acts = sa.select(Entry.act, Entry.detail).where(
        Entry.act.in_([ModerationAct.WAVE_HIDE, ModerationAct.CASE_DECIDE])
    )
    assert [(act, detail["things"]) for act, detail in db.session.execute(acts)] == [
        (ModerationAct.WAVE_HIDE, 4)
    ]
    assert topic.posts_count == 1
    undo_wave(actor=officer, wave=wave)
    assert told(ModerationNotice.DECIDED) == []
    assert (
        told(ModerationNotice.WAVE_UNDONE) == []
    )  # they had not heard of it, so they need not hear that it is over


def test_who_had_been_told_is_told_that_it_is_undone() -> None:
    officer, writer = accounts.person(Role.OFFICER), accounts.person()
    posts = [make.post(make.topic(), author=writer, text=FLOOD)]
    wave = press(officer, posts)
    sent = sa.update(Notification).where(Notification.kind == str(ModerationNotice.DECIDED))
    db.session.execute(sent.values(delivery=Delivery.DELIVERED))
    undo_wave(actor=officer, wave=wave)
    assert told(ModerationNotice.WAVE_UNDONE) == [writer.id]


def test_the_same_form_twice_is_one_wave_and_an_undo_twice_is_one_undo() -> None:
    officer = accounts.person(Role.OFFICER)
    posts = [make.post(make.topic(), text=FLOOD)]
    assert press(officer, posts).id == press(officer, posts).id
    wave = undo_wave(actor=officer, wave=press(officer, posts))
    undo_wave(actor=officer, wave=wave)
    assert posts[0].state is PostState.PUBLISHED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 1


def test_what_is_the_moderators_own_or_in_another_hand_or_decided_is_left_alone() -> None:
    officer, other, topic = accounts.person(Role.OFFICER), accounts.person(Role.OFFICER), make.topic()
    own, reported, taken, hidden, gone, free = (
        make.post(topic, author=who, text=f"{FLOOD} {n}")
        for n, who in enumerate([officer, *(accounts.person() for _ in range(5))])
    )
    report(actor=officer, kind=KIND, thing_id=reported.id, rule_number=5, words="")
    for post in (taken, hidden):
        made = report(actor=accounts.person(), kind=KIND, thing_id=post.id, rule_number=5, words="")
        case = take(actor=other, case=db.session.get_one(Case, made.case_id))
    decide(actor=other, case=case, measure=Measure.HIDE, rule_number=5, words="Spam.")
    author = gone.author
    assert author is not None
    delete_post(actor=author, post=gone)
    wave = press(officer, [own, reported, taken, hidden, gone, free])
    assert states(wave) == {Turn.HIDDEN: 1, Turn.SKIPPED: 5}
    assert free.state is PostState.HIDDEN
    undo_wave(actor=officer, wave=wave)
    assert hidden.state is PostState.HIDDEN


def test_one_appeal_gives_back_all_of_an_authors_and_nothing_of_others() -> None:
    officer, judge, writer = accounts.person(Role.OFFICER), accounts.person(Role.REVIEWER), accounts.person()
    topic = make.topic()
    mine = [make.post(topic, author=writer, text=f"{FLOOD} {n}") for n in range(3)]
    theirs = make.post(topic, text=FLOOD)
    wave = press(officer, [*mine, theirs])
    third = db.session.scalars(
        cases.decision_of(db.session.scalars(cases.all_of(KIND, mine[2].id)).one().id)
    ).one()
    appeal = raise_appeal(actor=writer, decision=third, words="It is a question.")
    first = db.session.scalars(waves.leads_of(wave.id)).all()[0]
    with pytest.raises(Refusal):
        raise_appeal(actor=writer, decision=first, words="Again.")
    decide_appeal(actor=judge, appeal=appeal, verdict=Verdict.OVERTURNED, text="You are right.")
    assert {post.state for post in mine} == {PostState.PUBLISHED}
    assert theirs.state is PostState.HIDDEN
    assert states(wave) == {Turn.HIDDEN: 1, Turn.RESTORED: 3}


def test_an_undo_answers_the_appeal_that_waits() -> None:
    officer, writer = accounts.person(Role.OFFICER), accounts.person()
    wave = press(officer, [make.post(make.topic(), author=writer, text=FLOOD)])
    lead = db.session.scalars(waves.leads_of(wave.id)).one()
    appeal = raise_appeal(actor=writer, decision=lead, words="It is a question.")
    undo_wave(actor=officer, wave=wave)
    assert appeal.verdict is Verdict.OVERTURNED
    assert told(ModerationNotice.APPEAL_DECIDED) == [writer.id]


@pytest.mark.parametrize("given", [{"words": " "}, {"rule_number": 99}])
def test_a_wave_needs_a_rule_and_words_and_a_moderator(given: dict[str, Any]) -> None:
    posts = [make.post(make.topic(), text=FLOOD)]
    for who in (accounts.person(Role.OFFICER), accounts.person(Role.ADMINISTRATOR), accounts.person()):
        with pytest.raises(Refusal):
            press(who, posts, **given)
    with pytest.raises(Refusal):
        press(accounts.person(Role.ADMINISTRATOR), posts)
    with pytest.raises(Refusal):
        press(accounts.person(Role.OFFICER), [])


def test_another_officer_does_not_undo_a_wave_and_a_supervisor_does() -> None:
    wave = press(accounts.person(Role.OFFICER), [make.post(make.topic(), text=FLOOD)])
    for who in (accounts.person(Role.OFFICER), accounts.person(Role.ADMINISTRATOR), accounts.person()):
        with pytest.raises(Refusal):
            undo_wave(actor=who, wave=wave)
    undo_wave(actor=accounts.person(Role.SUPERVISOR), wave=wave)
    assert states(wave) == {Turn.RESTORED: 1}


def test_whoever_is_named_in_a_hidden_post_is_not_told_and_is_after_the_undo() -> None:
    officer, named = accounts.person(Role.OFFICER), accounts.person(Role.OFFICER, name="Dana Ruiz")
    post = make.post(make.topic(), text="@dana-ruiz, best roofs in town.")
    kind = str(DiscussionNotice.TOPIC_MENTIONED)
    assert told(kind) == [named.id]
    wave = press(officer, [post])
    assert told(kind) == []
    undo_wave(actor=officer, wave=wave)
    assert told(kind) == [named.id]


def span(**given: Any) -> Selection:
    return Selection(clock.now() - timedelta(days=1), clock.now(), **given)


def test_a_text_that_stands_there_again_is_chosen_whoever_wrote_it_and_an_author_by_name_alone() -> None:
    officer, writer, topic = accounts.person(Role.OFFICER), make.verified(), make.topic()
    open_ = make.post(topic, author=writer, text=FLOOD)
    veiled = make.post(topic, author=writer, text=FLOOD, as_resident=True)
    other = make.post(topic, author=writer, text="My street floods when it rains.")
    flood = standing_out(officer, span())
    assert [(count, names) for _thing, count, names in flood.texts] == [(2, 1)]
    assert [(who, count) for who, _name, count in flood.authors] == [(writer.id, 2)]
    same = chosen(officer, span(same=(KIND, open_.id)), 300)
    assert {thing.id for thing in same.things} == {open_.id, veiled.id}
    by_name = chosen(officer, span(authors=(writer.id,)), 300)
    assert {thing.id for thing in by_name.things} == {open_.id, other.id}
    for who in (accounts.person(Role.ADMINISTRATOR), accounts.person()):
        assert not chosen(who, span(authors=(writer.id,)), 300).things
        assert not standing_out(who, span()).texts


def test_hints_have_their_reason_and_never_touch_who_is_veiled_or_unknown_in_the_forums() -> None:
    officer, topic = accounts.person(Role.OFFICER), make.topic()
    first = accounts.person(email="lee@example.org")
    second, silent = (
        accounts.person(email="lee+two@example.org"),
        accounts.person(email="lee+three@example.org"),
    )
    third = accounts.person(created_at=clock.now() - timedelta(days=90))
    resident = make.verified(accounts.person(email="lee+four@example.org"))
    post = make.post(topic, author=first, text=FLOOD)
    make.post(topic, author=second, text="Another thing.")
    make.post(topic, author=third, text=FLOOD)
    veiled = make.post(topic, author=resident, text=FLOOD, as_resident=True)
    thing = thing_of(KIND, post.id)
    assert thing is not None
    found = {hint.person_id: hint.signs for hint in hints_for(officer, thing)}
    assert found == {second.id: (Sign.SAME_MAILBOX, Sign.MADE_TOGETHER), third.id: (Sign.SAME_TEXT,)}
    assert silent.id not in found
    for who in (accounts.person(Role.ADMINISTRATOR), accounts.person(Role.AUDITOR), accounts.person(), first):
        assert hints_for(who, thing) == []
    behind = thing_of(KIND, veiled.id)
    assert behind is not None
    assert hints_for(officer, behind) == []


def test_a_case_that_was_open_before_can_be_decided_after_the_undo() -> None:
    officer, reader = accounts.person(Role.OFFICER), accounts.person()
    post = make.post(make.topic(), text=FLOOD)
    report(actor=reader, kind=KIND, thing_id=post.id, rule_number=5, words="Spam.")
    undo_wave(actor=officer, wave=press(officer, [post]))
    case = db.session.scalars(cases.open_of(KIND, post.id)).one()
    assert case.state is CaseState.NEW
    decide(actor=officer, case=case, measure=Measure.KEEP, rule_number=5, words="It is a question.")
    assert told(ModerationNotice.REPORT_ANSWERED) == [reader.id]
