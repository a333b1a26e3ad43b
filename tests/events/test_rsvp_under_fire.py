"""A full event never overfills and its line is fair, while everyone asks at once and the site is killed meanwhile.

Two worker processes answer over HTTP; 16 to 64 residents send, some of them twice at once; the whole site is killed
(SIGKILL) at random moments and started again. The line is sampled from the database all the while, and the history of
acknowledged answers is checked against what is there afterwards.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.events.fire import Fire, sound
from tests.servers.town import Town, backend, running_town

# Three fires on each database, none of them the same; the long ones below are for `make soak`.
SEEDS = range(3) if backend() == "sqlite" else range(3, 6)


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with running_town(backend()) as town:
        yield town


@pytest.mark.parametrize("seed", SEEDS)
def test_a_full_event_never_overfills_and_its_line_is_fair(town: Town, seed: int) -> None:
    dice = random.Random(seed)
    fire = Fire(town, dice, people=dice.choice((16, 24, 32, 48, 64)), capacity=dice.randint(1, 20))
    violations = fire.run(stampedes=1, steps=3, kills=1)
    assert violations == []
    assert fire.kills == 1
    assert fire.acknowledged > fire.people
    assert fire.offers or fire.capacity >= fire.people


def test_the_database_is_sound_after_all_kills(town: Town) -> None:
    engine = sa.create_engine(town.database_url)
    assert sound(engine) == []
    engine.dispose()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 110))
def test_a_full_event_holds_for_thousands_of_calls(seed: int) -> None:
    dice = random.Random(seed)
    with running_town(backend()) as town:
        people = dice.choice((16, 32, 64))
        fire = Fire(town, dice, people=people, capacity=dice.randint(2, 20))
        violations = fire.run(stampedes=3, steps=5_000 // people + 1, kills=20)
        print(
            f"seed {seed}: {fire.acknowledged} acknowledged, {fire.offers} offers, {fire.lapsed} ended,"
            f" {fire.kills} kills, {fire.watcher.samples} samples"
        )
        assert violations == []
        assert fire.acknowledged >= 3_000
        assert sound(sa.create_engine(town.database_url)) == []
