"""The neutrality check: a blind second look, and a difference that is published with its interval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Role
from forum.core.errors import Refusal
from forum.extensions import db
from forum.moderation.masking import masked
from forum.moderation.models import Measure, Recheck, Stance
from forum.moderation.neutrality import Group, difference, groups, wilson
from forum.moderation.operations.rechecking import look_again, note_stance
from tests.factories.accounts import person, sign_in
from tests.factories.moderation import decision, note, recheck_of, reported_case

CRITICISM = (
    "The police chief of Springfield Police Department lied, and Sergeant Miller laughed. Pat is a fool."
)


def test_what_names_the_agency_is_masked_and_what_was_done_is_not() -> None:
    text = masked(CRITICISM, ["Springfield Police Department"])
    for name in ("police", "chief", "Springfield", "Miller", "Sergeant"):
        assert name not in text
    assert "lied" in text
    assert "Pat is a fool." in text
    assert masked("El jefe de la policía mintió.") == "[…] de […] mintió."


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Newcombe 1998 (Statistics in Medicine 17, 857-872), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share_is_that_of_the_literature(
    part: int, whole: int, low: float, high: float
) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    # Newcombe 1998 (Statistics in Medicine 17, 873-890), table II, method 10.
    [((56, 70), (48, 80), 5.24, 33.39), ((9, 10), (3, 10), 17.05, 80.90), ((10, 10), (0, 20), 67.91, 100.0)],
)
def test_the_interval_of_a_difference_is_that_of_the_literature(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    found = difference(Group(Stance.CRITICISM, one[1], one[0]), Group(Stance.PRAISE, other[1], other[0]))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.01)


def test_nothing_is_said_of_fewer_than_ten() -> None:
    assert difference(Group(Stance.CRITICISM, 9, 3), Group(Stance.PRAISE, 900, 3)) is None


def test_too_harsh_is_what_was_acted_on_and_breaks_nothing_when_looked_at_blind() -> None:
    rows = [
        (Measure.HIDE, False, Stance.CRITICISM), (Measure.WARN, True, Stance.CRITICISM),
        (Measure.KEEP, False, Stance.CRITICISM), (Measure.KEEP, True, Stance.PRAISE), (Measure.PAUSE, False, None),
    ]  # fmt: skip
    found = groups(rows)
    assert (found[Stance.CRITICISM].looked, found[Stance.CRITICISM].harsh) == (3, 1)
    assert (found[Stance.PRAISE].looked, found[Stance.PRAISE].harsh) == (1, 0)


def test_about_a_fifth_is_drawn_whatever_was_decided_and_nothing_that_was_edited(work: Flask) -> None:
    officer, reader = person(Role.OFFICER), person()
    for number in range(60):
        measure = (Measure.KEEP, Measure.HIDE, Measure.EDIT)[number % 3]
        decision(reported_case(note(person()), reader), officer, measure)
    drawn = [each.decision.measure for each in db.session.scalars(sa.select(Recheck))]
    assert 1 <= len(drawn) <= 25
    assert Measure.EDIT not in drawn


def test_who_decided_does_not_look_again_and_the_stance_comes_after_the_look(work: Flask) -> None:
    chief = person(Role.SUPERVISOR)
    found = recheck_of(decision(reported_case(note(person(), CRITICISM), person()), chief))
    reviewer = person(Role.REVIEWER)
    with pytest.raises(Refusal):
        look_again(actor=chief, recheck=found, breaks=False)
    with pytest.raises(Refusal):
        note_stance(actor=reviewer, recheck=found, stance=Stance.CRITICISM)
    look_again(actor=reviewer, recheck=found, breaks=False)
    with pytest.raises(Refusal):
        look_again(actor=reviewer, recheck=found, breaks=True)
    assert note_stance(actor=reviewer, recheck=found, stance=Stance.CRITICISM).stance is Stance.CRITICISM


def test_the_second_look_is_blind_and_the_log_says_how_many_there_were(
    app: Flask, saved: Callable[[Callable[[], Any]], Any], client: Any
) -> None:
    def make() -> tuple[int, int]:
        made = decision(
            reported_case(note(person(), CRITICISM), person()), person(Role.OFFICER), words="Secret words."
        )
        return recheck_of(made).id, person(Role.REVIEWER).id

    recheck_id, reviewer = saved(make)
    browser = sign_in(app.test_client(), reviewer)
    address = f"/desk/moderation/rechecks/{recheck_id}"
    assert address in browser.page("/desk/moderation/rechecks").links()
    text = browser.page(address).text()
    assert "Pat is a fool." in text
    for secret in ("Miller", "Secret words.", "Hidden"):
        assert secret not in text
    assert browser.send(address, {"breaks": None}).status_code == 422
    assert browser.send(address, {"breaks": "no"}).status_code == 303
    assert "Sergeant Miller" in browser.page(address).text()
    assert browser.send(address, {"stance": "criticism"}, form="/stance").status_code == 303
    assert "Nothing waits here." in browser.page("/desk/moderation/rechecks").text()
    assert "1 that criticize the agency and 0 that praise it" in client.page("/moderation/log").text()
