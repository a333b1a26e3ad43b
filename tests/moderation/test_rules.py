"""The rules: neutral from the start, and changed by two people alone."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from forum.accounts.models import Role
from forum.core.errors import Refusal
from forum.extensions import db
from forum.moderation.models import Rules, RulesState
from forum.moderation.operations.rules import (
    RuleDetails,
    approve_rules,
    propose_rule,
    propose_withdrawal,
    refuse_rules,
)
from forum.moderation.queries import rules as queries
from tests.factories.accounts import person
from tests.factories.moderation import note, reported_case

NEW = RuleDetails(None, {"en": "No noise", "es": "Sin ruido"}, {"en": "Do not shout.", "es": "No grite."})


def numbers() -> list[int]:
    return [rule.number for rule in db.session.scalars(queries.rules_in_force())]


def test_the_first_rules_are_in_both_languages_and_none_is_about_what_somebody_thinks(context: Flask) -> None:
    rules = list(db.session.scalars(queries.rules_in_force()))
    assert [rule.number for rule in rules] == list(range(1, 9))
    for rule in rules:
        assert rule.titles.keys() == rule.texts.keys() == {"en", "es"}
        assert not re.search(
            r"disrespect|negativ|false|misinform|opinion|politic|unpatriotic", rule.texts["en"], re.I
        )


def test_a_rule_changes_only_once_a_second_person_approves(work: Flask) -> None:
    first, second = person(Role.ADMINISTRATOR), person(Role.SUPERVISOR)
    waiting = propose_rule(actor=first, details=NEW, why="It is loud.")
    assert numbers() == list(range(1, 9))
    with pytest.raises(Refusal):
        approve_rules(actor=first, rules=waiting)
    for nobody in (person(Role.OFFICER), person(Role.AUDITOR), person()):
        with pytest.raises(Refusal):
            approve_rules(actor=nobody, rules=waiting)
    assert approve_rules(actor=second, rules=waiting).version == 2
    assert numbers() == list(range(1, 10))


def test_an_older_version_stays_as_it_was_with_its_dates(work: Flask) -> None:
    first, second = person(Role.ADMINISTRATOR), person(Role.SUPERVISOR)
    changed = RuleDetails(1, {"en": "No threats at all"}, {"en": "None."})
    approve_rules(actor=second, rules=propose_rule(actor=first, details=changed, why="Shorter."))
    old = db.session.scalars(queries.version(1)).one()
    new = db.session.scalars(queries.version(2)).one()
    assert (old.state, new.state) == (RulesState.PAST, RulesState.IN_FORCE)
    assert old.in_force_until == new.in_force_from
    assert (old.rules[0].titles["en"], new.rules[0].titles["en"]) == ("No threats", "No threats at all")


def test_a_number_is_never_given_to_another_rule(work: Flask) -> None:
    first, second = person(Role.ADMINISTRATOR), person(Role.SUPERVISOR)
    approve_rules(actor=second, rules=propose_withdrawal(actor=first, number=8, why="The law says it."))
    refuse_rules(actor=first, rules=propose_rule(actor=first, details=NEW, why="It is loud."))
    approve_rules(actor=second, rules=propose_rule(actor=first, details=NEW, why="It is loud."))
    assert numbers() == [1, 2, 3, 4, 5, 6, 7, 10]


def test_one_change_waits_at_a_time(work: Flask) -> None:
    propose_rule(actor=person(Role.ADMINISTRATOR), details=NEW, why="It is loud.")
    with pytest.raises(Refusal):
        propose_rule(actor=person(Role.SUPERVISOR), details=NEW, why="It is loud.")


@pytest.mark.parametrize("why", ["", "  "])
def test_a_change_says_why(work: Flask, why: str) -> None:
    with pytest.raises(Refusal):
        propose_rule(actor=person(Role.ADMINISTRATOR), details=NEW, why=why)


def test_who_makes_no_rules_proposes_none(work: Flask) -> None:
    for role in (Role.OFFICER, Role.REVIEWER, Role.AUDITOR, Role.RESIDENT):
        with pytest.raises(Refusal):
            propose_rule(actor=person(role), details=NEW, why="It is loud.")


def test_a_rule_that_is_only_proposed_cannot_be_used(work: Flask) -> None:
    propose_rule(actor=person(Role.ADMINISTRATOR), details=NEW, why="It is loud.")
    with pytest.raises(Refusal):
        reported_case(note(person()), person(), rule_number=9)


def test_the_database_itself_refuses_a_version_of_one_person(work: Flask) -> None:
    from sqlalchemy.exc import IntegrityError

    alone = person(Role.ADMINISTRATOR)
    db.session.add(Rules(why="Mine.", proposed_by_id=alone.id, approved_by_id=alone.id))
    with pytest.raises(IntegrityError):
        db.session.flush()
