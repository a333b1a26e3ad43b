"""Whatever the desk does, in whatever order: statuses follow the table, the recused see nothing, threads stay apart."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from flask import Flask, g
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from forum.accounts.models import Person, Role
from forum.concerns.models import Closing, Concern, Dispute, Entry, Mode, Outcome, Status, Waiting
from forum.concerns.operations.deciding import decide_dispute
from forum.concerns.operations.merging import merge_concern, unmerge_concern
from forum.concerns.operations.recusing import recuse
from forum.concerns.operations.speaking import write_again
from forum.concerns.operations.working import answer_concern, assign_concern, change_status, close_concern
from forum.concerns.policy import is_recused
from forum.concerns.queries.desk import merged_into
from forum.concerns.queries.sight import seen_on_desk, sight_of
from forum.concerns.queries.thread import entries_of
from forum.concerns.states import NEXT
from forum.core.errors import Refusal
from forum.extensions import db
from tests.factories import accounts, concerns

WHO = st.integers(0, 3)
WHICH = st.integers(0, 2)
STEPS = st.one_of(
    st.tuples(st.just("answer"), WHO, WHICH, st.sampled_from([None, *Status])),
    st.tuples(st.just("status"), WHO, WHICH, st.sampled_from(list(Status))),
    st.tuples(st.just("close"), WHO, WHICH, st.sampled_from(list(Closing))),
    st.tuples(st.just("assign"), WHO, WHICH, WHO),
    st.tuples(st.just("merge"), WHO, WHICH, WHICH),
    st.tuples(st.just("unmerge"), WHO, WHICH, st.none()),
    st.tuples(st.just("recuse"), WHO, WHICH, WHO),
    st.tuples(st.just("dispute"), WHO, WHICH, st.sampled_from(list(Outcome))),
    st.tuples(st.just("person"), WHO, WHICH, st.none()),
)


class World:
    """Four of staff, one of whom answers to another, and three concerns in three modes."""

    def __init__(self) -> None:
        chief = accounts.person(Role.SUPERVISOR)
        officer = accounts.person(Role.OFFICER, answers_to_id=chief.id)
        self.people = [chief, officer, accounts.person(Role.OFFICER), accounts.person(Role.REVIEWER)]
        modes = (Mode.PUBLIC, Mode.PRIVATE, Mode.ANONYMOUS)
        self.concerns = [concerns.concern(mode) for mode in modes]
        self.said = 0

    def do(self, act: str, who: int, which: int, how: Any) -> None:
        """One act; a refusal is as good as any answer."""
        try:
            with db.session.begin_nested():
                self._do(act, self.people[who], self.concerns[which], how)
        except Refusal:
            db.session.expire_all()

    def _do(self, act: str, actor: Person, concern: Concern, how: Any) -> None:
        self.said += 1
        words = f"{concern.reference} {self.said}"
        match act:
            case "answer":
                also = list(db.session.scalars(merged_into(sight_of(actor), concern)))
                waits = Waiting.PERSON if how is Status.WAITING else None
                answer_concern(
                    actor=actor, concern=concern, text=words, status=how, waits_for=waits, also=also
                )
            case "status":
                waits = Waiting.PARTNER if how is Status.WAITING else None
                change_status(actor=actor, concern=concern, status=how, waits_for=waits)
            case "close":
                close_concern(actor=actor, concern=concern, closed_as=how, text=words, evidence="Seen.")
            case "assign":
                assign_concern(actor=actor, concern=concern, to=self.people[how])
            case "merge":
                merge_concern(actor=actor, concern=concern, into=self.concerns[how])
            case "unmerge":
                unmerge_concern(actor=actor, concern=concern)
            case "recuse":
                recuse(actor=None, concern=concern, people=[self.people[how]])
            case "dispute":
                if not db.session.scalars(select(Dispute).where(Dispute.outcome.is_(None))).first():
                    concerns.dispute(concern, actor)
                decide_dispute(actor=actor, concern=concern, outcome=how, text=words)
            case "person":
                write_again(concern=concern, text=words)

    def check(self) -> None:
        for concern in self.concerns:
            entries = list(db.session.scalars(entries_of(concern)))
            _follow_the_table(concern, entries)
            _nobody_recused(concern, entries, self.people)
            assert concern.mode is not Mode.PUBLIC or all(
                entry.closed_as is None or entry.public for entry in entries
            )
            assert concern.mode is Mode.PUBLIC or not any(entry.public for entry in entries)
            main = db.session.get(Concern, concern.merged_into_id) if concern.merged_into_id else None
            assert main is None or (main.id != concern.id and main.merged_into_id is None)


def _follow_the_table(concern: Concern, entries: list[Entry]) -> None:
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    statuses = [entry.status for entry in entries if entry.status is not None]
    assert statuses[0] is Status.RECEIVED
    assert statuses[-1] is concern.status
    for before, after in pairwise(statuses):
        assert after in NEXT[before], (before, after)
    assert (concern.closed_at is not None) == (concern.status is Status.CLOSED)


def _nobody_recused(concern: Concern, entries: list[Entry], people: list[Person]) -> None:
    for person in people:
        sight = sight_of(person)
        if is_recused(sight, concern):
            seen = select(Concern.id).where(Concern.id == concern.id, seen_on_desk(sight))
            assert db.session.scalars(seen).first() is None
            assert concern.assigned_to_id != person.id
            since = [recusal.since for recusal in concern.recusals]
            assert not any(entry.staff_id == person.id and entry.at > max(since) for entry in entries)


@pytest.mark.usefixtures("site_app")
@settings(max_examples=40)
@given(steps=st.lists(STEPS, min_size=3, max_size=25))
def test_no_sequence_of_acts_breaks_a_thread_a_recusal_or_a_mode(site_app: Flask, steps: list[Any]) -> None:
    with site_app.app_context():
        g.writing = True
        try:
            world = World()
            for step in steps:
                world.do(*step)
            db.session.expire_all()
            world.check()
        finally:
            db.session.rollback()
            g.writing = False
