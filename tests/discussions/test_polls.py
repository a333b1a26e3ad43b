"""Polls: who asks, who votes, until when, and that counts alone are shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from forum.accounts.models import Role, Visitor
from forum.core import clock
from forum.core.errors import Refusal
from forum.discussions import policy
from forum.discussions.models import Audience, Poll, Topic
from forum.discussions.operations.polls import edit_poll, start_poll, vote
from forum.discussions.queries import polls
from forum.extensions import db
from forum.moderation.models import Case, CaseState, Measure, Verdict
from forum.moderation.operations.appealing import decide_appeal, raise_appeal
from forum.moderation.operations.deciding import decide
from forum.moderation.operations.reporting import report
from forum.moderation.registry import Shown, thing_of
from tests.factories import accounts
from tests.factories import discussions as make

pytestmark = pytest.mark.usefixtures("work")


def a_poll(topic: Topic | None = None, **more: object) -> Poll:
    topic = topic or make.topic()
    words = {"question": "A bump or a sign?", "options": ["A bump", "A sign", "Neither"], **more}
    return start_poll(actor=topic.author, topic=topic, **words)  # type: ignore[arg-type]


def counts(poll: Poll) -> list[int]:
    return [row[2] for row in db.session.execute(polls.COUNTED, {"topic_id": poll.topic_id})]


def test_a_vote_counts_once_and_can_be_changed_and_taken_back() -> None:
    poll, person = a_poll(), accounts.person()
    first, second, _third = (option.id for option in poll.options)
    for chosen, expected in (
        ([first], [1, 0, 0]),
        ([first], [1, 0, 0]),
        ([second], [0, 1, 0]),
        ([], [0, 0, 0]),
    ):
        vote(actor=person, poll=poll, option_ids=chosen)
        assert counts(poll) == expected


def test_several_answers_only_where_the_poll_allows_them() -> None:
    one, many, person = a_poll(), a_poll(several=True), accounts.person()
    with pytest.raises(Refusal):
        vote(actor=person, poll=one, option_ids=[option.id for option in one.options])
    vote(actor=person, poll=many, option_ids=[option.id for option in many.options])
    assert (counts(one), counts(many)) == ([0, 0, 0], [1, 1, 1])
    assert [row[3] for row in db.session.execute(polls.COUNTED, {"topic_id": many.topic_id})] == [1, 1, 1]


def test_answers_of_another_poll_do_not_count() -> None:
    here, there = a_poll(), a_poll()
    vote(actor=accounts.person(), poll=here, option_ids=[there.options[0].id])
    assert counts(there) == [0, 0, 0]


def test_a_poll_closes_by_itself_and_with_its_topic() -> None:
    timed, locked = a_poll(closes_at=clock.now() + timedelta(hours=1)), a_poll()
    locked.topic.locked = True
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        for poll in (timed, locked):
            with pytest.raises(Refusal):
                vote(actor=accounts.person(), poll=poll, option_ids=[poll.options[0].id])


def test_who_may_not_read_a_topic_does_not_vote_in_it() -> None:
    topic = make.topic(make.forum(readers=Audience.STAFF), author=accounts.person(Role.OFFICER))
    poll = a_poll(topic)
    with pytest.raises(Refusal):
        vote(actor=accounts.person(), poll=poll, option_ids=[poll.options[0].id])


def test_a_topic_has_one_poll_by_who_began_it_or_keeps_order() -> None:
    topic = make.topic()
    with pytest.raises(Refusal):
        start_poll(actor=accounts.person(), topic=topic, question="Why?", options=["A", "B"])
    start_poll(actor=accounts.person(Role.OFFICER), topic=topic, question="Why?", options=["A", "B"])
    with pytest.raises(Refusal):
        a_poll(topic)


@pytest.mark.parametrize(
    "wrong",
    (
        {"question": " "},
        {"options": ["Only one"]},
        {"options": ["Same", "same "]},
        {"options": [f"Answer {number}" for number in range(9)]},
        {"options": ["A", "B" * 121]},
    ),
)
def test_a_poll_without_the_right_words_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        a_poll(**wrong)


def test_filters_hold_a_poll_and_its_topic_stays_until_a_person_has_read_it() -> None:
    author, topic = accounts.person(), make.topic()
    topic.author_id = author.id
    poll = start_poll(actor=author, topic=topic, question="Shall we go and see?", options=[make.HELD, "No"])
    assert poll.held
    assert policy.can_see_topic(Visitor(), topic, clock.now())
    with pytest.raises(Refusal):
        vote(actor=accounts.person(), poll=poll, option_ids=[poll.options[0].id])
    told = thing_of("topic", topic.id)
    assert told is not None
    assert make.HELD not in told.text  # who reports the topic reads this
    case = db.session.query(Case).one()
    officer = accounts.person(Role.OFFICER)
    decision = decide(actor=officer, case=case, measure=Measure.HIDE, rule_number=3, words="It names a home.")
    assert (poll.held, poll.hidden_rule) == (False, 3)
    appeal = raise_appeal(actor=author, decision=decision, words="It is mine.")
    reviewer = accounts.person(Role.REVIEWER)
    decide_appeal(actor=reviewer, appeal=appeal, verdict=Verdict.OVERTURNED, text="You are right.")
    assert poll.is_shown
    vote(actor=accounts.person(), poll=poll, option_ids=[poll.options[0].id])


def test_a_poll_is_changed_until_somebody_has_voted_and_by_nobody_but_who_made_it() -> None:
    poll, officer, voter = a_poll(), accounts.person(Role.OFFICER), accounts.person()
    first, author = poll.options[0].id, poll.topic.author
    asked: dict[str, Any] = {"poll": poll, "question": "A bump?", "options": ["Yes", "No", "Both", "Later"]}
    with pytest.raises(Refusal):
        edit_poll(actor=officer, **asked)
    for words in (["Yes", "No", "Both", "Later"], ["No", "Yes"]):
        edit_poll(actor=author, **asked | {"options": words})
        assert [option.words for option in poll.options] == words
    with pytest.raises(Refusal):
        edit_poll(actor=author, **asked | {"options": ["Yes"]})
    vote(actor=voter, poll=poll, option_ids=[first])
    with pytest.raises(Refusal):
        edit_poll(actor=author, **asked)
    vote(actor=voter, poll=poll, option_ids=[])
    edit_poll(actor=author, **asked)
    poll.topic.locked = True
    with pytest.raises(Refusal):
        edit_poll(actor=author, **asked | {"question": "A sign?"})


def test_a_poll_that_only_a_filter_held_is_there_once_its_author_has_mended_it() -> None:
    poll = a_poll(options=[make.HELD, "No"])
    edit_poll(actor=poll.topic.author, poll=poll, question="Go and see?", options=[make.HELD, "Never"])
    assert poll.held
    edit_poll(actor=poll.topic.author, poll=poll, question="Go and see?", options=["Yes", "No"])
    assert poll.is_shown
    assert db.session.query(Case).one().state is CaseState.DROPPED


def test_a_poll_that_was_given_back_comes_to_the_case_again_and_its_votes_begin_anew() -> None:
    poll, voter = a_poll(), accounts.person()
    author = poll.topic.author
    vote(actor=voter, poll=poll, option_ids=[poll.options[0].id])
    made = report(actor=voter, kind="poll", thing_id=poll.id, rule_number=3, words="")
    case, officer = db.session.get_one(Case, made.case_id), accounts.person(Role.OFFICER)
    decide(actor=officer, case=case, measure=Measure.EDIT, rule_number=3, words="Not by name, please.")
    thing = thing_of("poll", poll.id)
    assert thing is not None
    assert (poll.is_shown, thing.shown, sum(counts(poll))) == (False, Shown.GIVEN_BACK, 1)
    with pytest.raises(Refusal):
        vote(actor=voter, poll=poll, option_ids=[poll.options[0].id])
    edit_poll(actor=author, poll=poll, question="A bump?", options=["Yes", "No"])
    assert (poll.held, poll.given_back, counts(poll)) == (True, False, [0, 0])  # a person had asked for it
    again = db.session.query(Case).filter_by(state=CaseState.NEW).one()
    decide(actor=officer, case=again, measure=Measure.KEEP, rule_number=3, words="Thank you.")
    assert poll.is_shown
    with pytest.raises(Refusal):
        edit_poll(actor=accounts.person(), poll=poll, question="Mine?", options=["Yes", "No"])


def test_an_overturn_gives_a_poll_back_with_its_votes() -> None:
    poll, voter = a_poll(), accounts.person()
    vote(actor=voter, poll=poll, option_ids=[poll.options[0].id])
    made = report(actor=voter, kind="poll", thing_id=poll.id, rule_number=3, words="")
    case = db.session.get_one(Case, made.case_id)
    decision = decide(
        actor=accounts.person(Role.OFFICER), case=case, measure=Measure.EDIT, rule_number=3, words="No names."
    )
    appeal = raise_appeal(actor=poll.topic.author, decision=decision, words="There is none.")
    decide_appeal(
        actor=accounts.person(Role.REVIEWER), appeal=appeal, verdict=Verdict.OVERTURNED, text="You are right."
    )
    assert (poll.is_shown, counts(poll)) == (True, [1, 0, 0])


def test_who_is_paused_asks_no_poll_either() -> None:
    author = accounts.person()
    topic, other = make.topic(author=author), make.post(make.topic(), author=author)
    made = report(actor=accounts.person(), kind="post", thing_id=other.id, rule_number=3, words="")
    decide(
        actor=accounts.person(Role.OFFICER), case=db.session.get_one(Case, made.case_id), measure=Measure.PAUSE,
        rule_number=3, words="Enough.", pause_days=3,
    )  # fmt: skip
    with pytest.raises(Refusal, match="cannot post until"):
        a_poll(topic)
