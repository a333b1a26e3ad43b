"""The machinery of search: words, questions, and an index that both databases really use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from forum.accounts.models import Visitor
from forum.core import search
from forum.core.search import Entry, Order, asking, blocks, keeping, lists
from forum.core.search.lengths import Shelf
from forum.core.search.models import SearchEntry, SearchWaiting
from forum.core.search.questions import read
from forum.core.search.snippets import marked, snippet
from forum.core.search.walking import Hits, Walk, indexed
from forum.core.search.words import placed_words, plain_words, stems
from forum.core.transactions import unit_of_work
from forum.extensions import db
from tests import alike
from tests.factories import events

AT = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)
# What people who look for a hole type: the operators of both databases, of SQL, of LIKE, and of other search boxes.
SHREDS = (
    "AND", "OR", "NOT", "NEAR", "NEAR(", "near/3", "*", "^", ":", "-", "–", "+", "(", ")", "{", "}", '"', "'", "“", "„",
    "`", "\\", "/", "%", "_", "&", "|", "!", "<->", "<2>", "~", "@@", ";--", "/*", "\0", "\n", "\t", "\u200b", "\u202e",
    "\ufeff", "title_stems", "marks", "_for_public", "rank", "elm", "street", "Straße", "niño", "ﷺ", "½", "العربية",
    "会议", "🚓", "a", "e\u0301\u0301", "\U0001f468\u200d\U0001f469", "ǆ", "İ", "ſ", "x" * 60,
)  # fmt: skip
TYPED = st.one_of(
    st.lists(st.sampled_from(SHREDS), max_size=24).flatmap(
        lambda shreds: st.sampled_from(["", " "]).map(lambda glue: glue.join(shreds))
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
)


def entry(number: int, title: str = "Elm Street", text: str = "", **rest: Any) -> Entry:
    return Entry(**{"subject_id": number, "title": title, "text": text, "at": AT, **rest})


def ids(q: str, **filters: Any) -> list[int]:
    """The subjects that the index gives everybody, newest first, before any kind is asked."""
    found = Walk(search.question(q, **filters), ["public"], 10_000).hits().ids()
    subjects = dict(db.session.execute(sa.select(SearchEntry.id, SearchEntry.subject_id)).all())
    return [subjects[id_] for id_ in found]


@pytest.mark.once
def test_singular_and_plural_meet_with_and_without_accents() -> None:
    for meeting in (
        "reunión reunion reuniones REUNIÓNES",
        "policía policia policías",
        "educación educacion educaciones",
    ):
        assert len(set(stems(meeting, "es"))) == 1, meeting
    for meeting in ("meeting meetings Meet", "policy policies", "speeding speed SPEEDS", "café cafés cafe"):
        assert len(set(stems(meeting, "en"))) == 1, meeting
    assert stems("meetings", "pl") == ["meetings"]


@pytest.mark.once
@given(st.text(max_size=200))
@example("ﬁne ½ ﷺ ǆ İstanbul Straße e\u0301te\u0301 مُحَمَّد")
def test_words_are_plain_ascii_and_the_same_with_their_places(text: str) -> None:
    words = plain_words(text)
    assert all(re.fullmatch(r"[a-z0-9]+", word) for word in words)
    assert [placed.word for placed in placed_words(text)] == words
    places = [(placed.start, placed.end) for placed in placed_words(text)]
    assert all(0 <= start < end <= len(text) for start, end in places)


@pytest.mark.once
@given(st.text(max_size=300), st.text(max_size=20))
def test_marking_changes_no_letter(text: str, looked_for: str) -> None:
    hits = frozenset(stems(looked_for, "en"))
    assert marked(text, hits, "en").replace("<mark>", "").replace("</mark>", "").unescape() == text
    assert len(snippet(text, hits, "en").striptags()) <= 260


@pytest.mark.once
def test_a_question_is_read_as_it_is_meant() -> None:
    def told(typed: str) -> tuple[list[str], list[str]]:
        wanted, without, _cut = read(typed)
        return [" ".join(term.by_language[-1]) for term in wanted], [
            " ".join(term.by_language[-1]) for term in without
        ]

    assert told('Block "elm street" -party') == (["block", "elm street"], ["party"])
    assert told('-"elm street" e-mail') == (["e mail"], ["elm street"])
    assert told('"never closed') == (["never closed"], [])
    assert told("«entre comillas» “curly”") == (["entre comillas", "curly"], [])
    assert told("twice twice - -- !") == (["twice"], [])
    assert read("word " * 2000)[2] is True


@settings(max_examples=1000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TYPED)
def test_a_thousand_hostile_questions_are_no_error(work: Flask, typed: str) -> None:
    if not db.session.scalar(sa.select(sa.func.count()).select_from(SearchEntry)):
        search.put(
            "concern",
            entry(1, text="a street of elms, title_stems and rank"),
            entry(2, "Straße", "niño 会议"),
        )
    asked = search.question(typed)
    for order in Order:
        search.find(Visitor(), asked, order=order)
    search.suggest(Visitor(), typed)


def test_entries_of_one_second_keep_apart_and_moments_keep_their_order(work: Flask) -> None:
    same = [entry(number) for number in range(1, 1001)]
    search.put(
        "concern",
        *same,
        entry(2001, at=AT + timedelta(seconds=3600)),
        entry(2002, at=AT - timedelta(days=400)),
    )
    found = ids("elm")
    assert (found[0], found[-1], len(found)) == (2001, 2002, 1002)
    assert set(found[1:-1]) == {each.subject_id for each in same}


def test_what_is_put_again_is_replaced_and_what_is_removed_is_gone(work: Flask) -> None:
    search.put("concern", entry(1, text="the first words"), entry(2))
    search.put("concern", entry(1, "Oak Road", text="other words", at=AT + timedelta(days=1)))
    assert (ids("elm"), ids("oak other"), ids("first")) == ([2], [1], [])
    search.remove("concern", 1, 3)
    assert (ids("oak"), ids("elm")) == ([], [2])


def test_what_did_not_change_is_not_written_again(work: Flask, count_queries: Any) -> None:
    search.put("concern", entry(1))
    with count_queries() as statements:
        search.put("concern", entry(1))
    assert [statement.split()[0] for statement in statements] == ["SELECT"]


def test_an_audience_is_kept_out_of_the_index_of_all_others(work: Flask) -> None:
    search.put("event", entry(1), entry(2, audience="events_desk"))
    assert ids("elm") == [1]
    staff = indexed(search.question("elm"), ["public", "events_desk"])
    assert len(db.session.scalars(staff).all()) == 2


def test_what_is_hidden_takes_none_of_the_time_of_who_may_not_see_it(work: Flask) -> None:
    """Two words are in as many things for everybody, and one of them in ten times as many that are not."""
    hidden = [
        entry(n, "", f"lamp {n} street", at=AT + timedelta(minutes=n), audience="staff") for n in range(3000)
    ]
    for word, first in (("lamp", 5000), ("bulb", 6000)):
        seen = (
            entry(first + n, "", f"{word} {n} street", at=AT + timedelta(minutes=10 * n)) for n in range(300)
        )
        search.put("post", *seen)
    search.put("post", *hidden)

    def asks(typed: str) -> float:
        walk = Walk(search.question(typed), ["public"], search.COUNTED)  # what follows is the same for either
        return alike.seconds(walk.hits)

    with work.test_request_context():
        assert search.find(Visitor(), search.question("lamp")).count == 300
        alike.assert_alike(partial(asks, "lamp"), partial(asks, "bulb"))


def test_every_audience_is_a_word_that_no_mark_can_be_mistaken_for(site_app: Flask) -> None:
    kinds = search.kinds.values()
    words = {kind.word for kind in kinds} | {audience for kind in kinds for audience in kind.audiences}
    assert all(re.fullmatch(r"[a-z][a-z_]{1,31}", word) for word in words)


@pytest.mark.parametrize("looked_for", ["lamp", 'lamp "number 7" -dark', "lamp number street"])
def test_the_database_answers_from_its_index(work: Flask, looked_for: str) -> None:
    """SQLite walks FTS5 backwards without sorting; PostgreSQL, told not to read everything, has another way."""
    search.put("concern", *(entry(n, f"Lamp {n}", f"number {n} street") for n in range(1, 400)))
    wanted = indexed(search.question(looked_for, kind="concern"), ["public"]).limit(21)
    engine, literal = db.engine, {"compile_kwargs": {"literal_binds": True}}
    sql = str(wanted.compile(engine, **literal)).replace(":*", r"\:*")
    if engine.dialect.name == "sqlite":
        plan = "\n".join(str(row[3]) for row in db.session.execute(sa.text(f"EXPLAIN QUERY PLAN {sql}")))
        assert "VIRTUAL TABLE INDEX" in plan
        assert "TEMP B-TREE" not in plan
    else:
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        db.session.execute(sa.text("SET LOCAL enable_indexscan = off"))
        plan = "\n".join(str(row[0]) for row in db.session.execute(sa.text(f"EXPLAIN {sql}")))
        assert "ix_search_entry_vector" in plan


def test_a_very_long_text_is_kept_and_found_by_its_beginning(work: Flask) -> None:
    search.put(
        "concern",
        entry(1, text=" ".join(f"w{number}" for number in range(60_000))),
        entry(2, text="lamp " * 30_000),
    )
    assert (ids("w7"), ids("lamp")) == ([1], [2])


def test_a_nul_in_a_text_is_no_error(work: Flask) -> None:
    search.put("concern", entry(1, text="one\0two"))
    assert ids("two") == [1]


def test_what_was_kept_with_other_words_is_made_anew(context: Flask) -> None:
    with unit_of_work():
        made = events.event(title="Town hall").id
        db.session.execute(sa.update(SearchEntry).values(analysis=0, title="stale"))
    assert "event" in search.outdated()
    search.rebuild(only=search.outdated())
    assert "event" not in search.outdated()
    kept = sa.select(SearchEntry.title).where(SearchEntry.kind == "event", SearchEntry.subject_id == made)
    assert db.session.scalars(kept).all() == ["Town hall"]


def test_one_entry_that_cannot_be_made_keeps_no_other_from_being_found(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work():
        made = [events.event(title=f"Zanzibar {number}").id for number in range(5)]
        search.remove("event", *made)
        db.session.execute(sa.insert(SearchWaiting), [{"kind": "event", "subject_id": id_} for id_ in made])
    kind = search.kinds["event"]

    def entries(ids: Sequence[int]) -> Iterator[Entry]:
        for found in kind.entries(ids):
            if found.subject_id == made[2]:
                raise ValueError("no words for this")
            yield found

    monkeypatch.setitem(search.kinds, "event", replace(kind, entries=entries))
    others = [*made[:2], *made[3:]]
    known = (
        sa.select(SearchEntry.subject_id).where(SearchEntry.kind == "event").order_by(SearchEntry.subject_id)
    )
    for act in (search.let_in, search.rebuild):
        act()
        assert db.session.scalars(known).all() == others
    assert db.session.scalars(sa.select(SearchWaiting.subject_id)).all() == []


def test_what_was_postponed_is_found_afterwards_even_when_it_failed(context: Flask) -> None:
    def known() -> list[str]:
        return list(db.session.scalars(sa.select(SearchEntry.title).where(SearchEntry.kind == "event")))

    def load() -> None:
        with search.postponed():
            with unit_of_work():
                events.event(title="Zanzibar")
            assert known() == []
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load()
    assert known() == ["Zanzibar"]
    with unit_of_work():
        events.event(title="Quagga")
    assert sorted(known()) == ["Quagga", "Zanzibar"]


def test_a_rebuild_takes_out_what_nobody_registers(context: Flask) -> None:
    with unit_of_work():
        search.put("concern", entry(1))
        db.session.execute(sa.update(SearchEntry).values(kind="gone"))
    search.rebuild()
    assert db.session.scalars(sa.select(SearchEntry.kind).where(SearchEntry.kind == "gone")).all() == []


WEIGHTS = st.dictionaries(st.integers(0, 300), st.integers(1, lists.HEAVIEST), max_size=120)


@pytest.mark.once
@given(WEIGHTS, st.integers(1, 400))
def test_a_list_gives_back_its_places_and_what_they_weigh(weights: dict[int, int], most: int) -> None:
    size, places = lists.size_of(301), sorted(weights)
    data, more = lists.packed(places, [weights[place] for place in places], size)
    assert lists.places_of(lists.bits_of(data, size), size) == places
    assert lists.places_of(lists.bits_of(data, size), size, most) == places[:most]
    maps = lists.heavier_of(data, more, size) if more else []
    for place in places:
        extra = sum((each[place >> 3] >> (place & 7) & 1) << digit for digit, each in enumerate(maps))
        assert weights[place] == 1 + extra


SOME_WORDS = ("lamp", "street", "dark", "twice twice")
ENTRIES = st.lists(
    st.tuples(
        st.integers(0, 40),  # minutes
        st.lists(st.sampled_from(SOME_WORDS), max_size=4).map(" ".join),
        st.lists(st.sampled_from(SOME_WORDS), max_size=12).map(" ".join),
        st.sampled_from(["public", "public", "staff"]),
        st.integers(0, 2),  # neighborhood
    ),
    min_size=1,
    max_size=30,
)
ASKED = st.lists(
    st.sampled_from(["lamp", "streets", "dark", "twice", "-dark", "-twice", '"lamp street"']), min_size=1
)


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ENTRIES, ENTRIES, st.sets(st.integers(0, 60)), ASKED, st.integers(1, 9), st.integers(0, 2), st.data())
def test_lists_find_what_the_index_finds_whatever_changed_since(
    work: Flask, first: Any, later: Any, gone: set[int], asked: list[str], size: int, area: int, data: Any
) -> None:
    """Cut into small blocks, changed, cut again: each time what is found and ranked is what the index alone gives."""

    def made(numbers: int, rows: Any) -> list[Entry]:
        return [
            entry(
                numbers + n, title, text, audience=audience,
                at=AT + timedelta(minutes=minutes), neighborhood_ids=(where,),
            )
            for n, (minutes, title, text, audience, where) in enumerate(rows)
        ]  # fmt: skip

    db.session.execute(sa.delete(SearchEntry))
    blocks.settle(size, 1, nullcontext)
    search.put("post", *made(0, first))
    blocks.settle(size, 1, nullcontext)
    _holds_against_the_index(asked, area, data)
    search.put("post", *made(20, later))  # some of them were there and move
    search.remove("post", *gone)
    _holds_against_the_index(asked, area, data)
    blocks.settle(size, 1, nullcontext)
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(blocks.CHANGE))
    _holds_against_the_index(asked, area, data)


def _holds_against_the_index(asked: list[str], area: int, data: Any) -> None:
    bounds = sorted(keeping.first_id(AT + timedelta(minutes=m)) for m in (data.draw(st.integers(-1, 41)), 41))
    question = search.question(" ".join(asked), neighborhood_id=area or None)
    if not question.terms:
        return
    for audiences in (["public"], ["public", "staff"]):
        for most in (3, 1000):
            walk = Walk(question, audiences, most, *bounds)
            expected = db.session.scalars(indexed(question, audiences, *bounds).limit(most)).all()
            found = walk.hits()
            assert found.ids() == expected
            unlisted = Hits([None] * len(expected), list(expected))
            assert asking._weights(question, found, walk.words) == asking._weights(
                question, unlisted, walk.words
            )


@pytest.mark.once
def test_ids_grow_with_their_moment() -> None:
    assert keeping.first_id(AT) < keeping.first_id(AT + timedelta(seconds=1))
    assert keeping.first_id(datetime(1960, 1, 1, tzinfo=UTC)) == 0
    assert keeping.first_id(datetime(2100, 12, 31, tzinfo=UTC)) < 2**53


@pytest.mark.once
def test_of_the_lengths_that_a_process_keeps_those_go_first_that_nobody_asked_for() -> None:
    shelf = Shelf(most=10)
    shelf.put({1: b"1234", 2: b"12345"})
    assert shelf.find([1, 3]) == {1: b"1234"}
    shelf.put({3: b"123"})
    assert shelf.find([1, 2, 3]) == {1: b"1234", 3: b"123"}
    shelf.put({3: b"123456"})  # the same again counts once
    assert shelf.find([1, 2, 3]) == {1: b"1234", 3: b"123456"}
