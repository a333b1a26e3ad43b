"""Filters hold by the form of what was done, and never by what somebody thinks of the agency.

``pairs.csv`` has 100 pairs, so 200 posts: in each pair the same is done, once beside praise of the agency and once
beside criticism. They were written for this set; ``source`` names the rule that the conduct is about.
"""

from __future__ import annotations

import ast
import csv
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.moderation import filters
from forum.moderation.filters import Filter, Finding, Lately, check, own_contacts
from forum.moderation.pace import Pace, is_much

pytestmark = pytest.mark.once
PAIRS = Path(__file__).with_name("pairs.csv")
OLD = timedelta(days=900)
Check = Callable[..., list[Finding]]


def pairs() -> list[dict[str, str]]:
    with PAIRS.open(newline="") as file:
        return list(csv.DictReader(file))


def unequal(checking: Check) -> list[str]:
    """The numbers of pairs that *checking* treats unlike, for an old account and a new one, alone and repeated."""
    found = []
    for pair in pairs():
        outcomes = [
            [
                Counter(each.kind for each in checking(pair[side], account_age=age, lately=lately))
                for age in (None, timedelta(hours=1), OLD)
                for lately in (Lately(), Lately(count=2, same=2))
            ]
            for side in ("praise", "criticism")
        ]
        if outcomes[0] != outcomes[1]:
            found.append(pair["pair"])
    return found


def test_the_pairs_are_200_posts_of_which_some_are_held_and_others_are_not() -> None:
    found = pairs()
    assert len(found) == 100
    assert len({pair[side] for pair in found for side in ("praise", "criticism")}) == 200
    assert all(pair["source"] for pair in found)
    kinds = {
        kind for pair in found for kind in (each.kind for each in check(pair["praise"], account_age=OLD))
    }
    assert kinds == set(Filter) - {Filter.FIRST_POST, Filter.MUCH}
    held = sum(1 for pair in found if check(pair["praise"], account_age=OLD))
    assert 40 <= held <= 70


def test_praise_and_criticism_beside_the_same_conduct_have_the_same_outcome() -> None:
    assert unequal(check) == []


def test_what_is_held_in_the_pairs_is_held_for_its_conduct() -> None:
    """What stands in the set as breaking no rule is not held, and the rest is."""
    for pair in pairs():
        for side in ("praise", "criticism"):
            assert bool(check(pair[side], account_age=OLD)) == ("no rule" not in pair["source"]), pair["pair"]


def favoring_praise(text: str, **known: Any) -> list[Finding]:
    """A filter that lets go what thanks the agency."""
    return [] if re.search(r"thank|great|gracias|excelente", text, re.I) else check(text, **known)


def punishing_criticism(text: str, **known: Any) -> list[Finding]:
    """A filter that holds what calls the agency names."""
    found = check(text, **known)
    match = re.search(r"lied|useless|mintió", text)
    return [*found, Finding(Filter.SPAM, *match.span(), match[0])] if match else found


@pytest.mark.parametrize("mutant", [favoring_praise, punishing_criticism])
def test_a_filter_that_favors_praise_is_found_out_by_the_pairs(mutant: Check) -> None:
    assert unequal(mutant)


def test_filters_can_read_no_file() -> None:
    tree = ast.parse(Path(filters.__file__).read_text())
    modules = {
        name.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in node.names
    }
    assert modules == {
        "__future__", "collections.abc", "dataclasses", "datetime", "enum", "functools", "re",
    }  # fmt: skip
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert names.isdisjoint({"open", "eval", "exec", "compile", "__import__", "globals", "getattr"})
    with watched() as opened:
        for pair in pairs_read:
            check(pair["praise"], account_age=OLD, lately=Lately(count=1))
    assert opened == []


pairs_read = pairs()
_watching: list[list[str]] = []
_hooked = False


@contextmanager
def watched() -> Iterator[list[str]]:
    """Every file that Python opens meanwhile."""
    global _hooked
    if not _hooked:
        sys.addaudithook(
            lambda event, args: _watching[-1].append(str(args[0])) if event == "open" and _watching else None
        )
        _hooked = True
    opened: list[str] = []
    _watching.append(opened)
    try:
        yield opened
    finally:
        _watching.pop()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("My neighbor lives at 1420 W. Elm St., second floor.", [Filter.ADDRESS]),
        ("The light at 1420 W. Elm St. has been out for weeks.", []),
        ("Meet us at 200 Main Street. My house is full of people.", []),
        ("Vive en la avenida Central 12.", [Filter.ADDRESS]),
        ("Call him at (312) 555-0199.", [Filter.CONTACT]),
        ("My number is 312-555-0199.", []),
        ("Call the line at 800-555-0199, or 311.", []),
        ("The license plate was ABC 1234.", [Filter.PLATE]),
        ("I paid for my plate at the DMV in 2024.", []),
        ("Her daughter Emily Jones saw it.", [Filter.NAMED]),
        ("The kid named Tommy did it.", [Filter.NAMED]),
        ("The kids at Lincoln Park play late.", []),
        ("Officer Jones was the one who hit me.", []),
        ("Suspicious hispanic guys near the school.", [Filter.APPEARANCE]),
        ("A suspicious hispanic guy pulled on car doors near the school.", []),
        ("Saw a sketchy white guy. He was looking into windows.", []),
        ("Saw a sketchy white guy. They took an hour to come.", [Filter.APPEARANCE]),
        ("The police think every black man is suspicious.", []),
        ("It is suspicious that only black men were stopped.", []),
        ("The report looks suspicious. Black people are stopped here more often than white people.", []),
        ("Un muchacho moreno sospechoso por la escuela.", [Filter.APPEARANCE]),
        ("See https://a.example.", []),
    ],
)
def test_a_filter_finds_what_its_page_says(text: str, kinds: list[Filter]) -> None:
    assert [each.kind for each in check(text, account_age=OLD)] == kinds


@pytest.mark.parametrize("given_", ["312-555-0100", "+1 (312) 555-0100"])
def test_what_the_agency_publishes_itself_is_not_held(given_: str) -> None:
    assert check("Call the station at 312-555-0100.", known=[given_]) == []
    assert check("Write to Beat1433@Example.org.", known=["beat1433@example.org"]) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("My number is 312-555-0199.", ["312-555-0199"]),
        ("Call me at 3125550199, or write to my address ana@example.org.", ["3125550199", "ana@example.org"]),
        ("Llámame al 312-555-0199.", ["312-555-0199"]),
        ("Escríbanme a ana@example.org.", ["ana@example.org"]),
        ("Email me: ana@example.org", ["ana@example.org"]),
        ("Call him at 312-555-0199.", []),  # somebody else's, which is held
        ("My report has the number 3125550100.", []),  # the station's
        ("My meter is at 123456789012.", []),
        ("My call to 800-555-0199 took an hour.", []),
        ("Nothing of the kind.", []),
    ],
)
def test_ones_own_number_is_asked_about_and_not_held(text: str, words: list[str]) -> None:
    assert [each.words for each in own_contacts(text, known=["+1 312 555 0100"])] == words
    assert words == [] or check(text, account_age=OLD) == []


def test_a_new_account_that_begins_with_links_is_held_and_an_old_one_is_not() -> None:
    text = "Cheap watches https://a.example https://b.example"
    assert [each.kind for each in check(text, account_age=timedelta(minutes=5))] == [Filter.SPAM]
    assert check(text, account_age=OLD) == []


def test_the_same_text_again_is_held() -> None:
    text = "Buy my watches, the best watches in town."
    assert [each.kind for each in check(text, account_age=OLD, lately=Lately(1, same=1))] == [Filter.SPAM]
    assert check(text, account_age=OLD, lately=Lately(1)) == []


@pytest.mark.parametrize(
    ("age", "fine", "much"),
    [
        (timedelta(hours=2), Pace(20, 20, 5), [Pace(21, 1), Pace(6, 6, 6)]),
        (timedelta(days=2), Pace(50, 30, 10), [Pace(51, 1), Pace(31, 31), Pace(11, 11, 11)]),
        (OLD, Pace(51, 30, 20), [Pace(31, 31), Pace(21, 21, 21)]),
    ],
)
def test_how_much_one_writes_in_a_day_goes_by_the_age_of_the_account(
    age: timedelta, fine: Pace, much: list[Pace]
) -> None:
    assert not is_much(age, fine)
    assert all(is_much(age, pace) for pace in much)


LOOKS = (filters._addresses, lambda text: filters._contacts(text, ()), filters._plates, filters._named)
WORDS = sorted({word for pair in pairs() for side in ("praise", "criticism") for word in pair[side].split()})


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_what_is_not_looked_at_has_nothing_to_find(text: str) -> None:
    found = [each for look in (*LOOKS, filters._appearance) for each in look(text)]
    assert list(filters._in_words(text, ())) == found


@pytest.mark.parametrize(
    ("pattern", "parts"),
    (
        (filters._WHO, filters._WHO_PARTS),
        (filters._RACE, filters._RACE_PARTS),
        (filters._PLATE_WORD.pattern, filters._PLATE_PARTS),
    ),
    ids=("who", "race", "plate"),
)
@given(data=st.data())
def test_every_word_that_a_look_begins_with_has_one_of_its_parts(
    pattern: str, parts: tuple[str, ...], data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(re.compile(pattern, re.I | re.ASCII), fullmatch=True))
    assert not text.isascii() or filters._may_have(parts, text.lower())


@given(st.text(max_size=400))
def test_a_finding_is_a_place_in_the_text(text: str) -> None:
    for each in check(text, account_age=timedelta(0), lately=Lately(1, same=1)):
        assert text[each.start : each.end] == each.words


@pytest.mark.parametrize(
    "piece",
    ["1 ", "a", "A", "Aa ", " ", "victim ", "victim, ", "plate ", "12345 W ", "calle a ", "312-", "a@", "a.", "http://",
     "suspicious ", "black a ", "lives 1 a a a ", "9-year-old "],
)  # fmt: skip
def test_a_hostile_text_comes_back(piece: str) -> None:
    """A pattern that tries every way through such a text would not come back before the test's own time is over."""
    text = piece * (filters.LONGEST // len(piece))
    assert isinstance(check(text, account_age=timedelta(0)), list)
