"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.accounts import passwords
from tests import alike
from tests.factories.accounts import CHEAP_HASH, PASSWORD

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "password", ["p4ssword", "iloveyou", "password1", "QWERTYUIOP", "sunshine", "12345678", "baseball"]
)
def test_a_common_password_is_refused(context: Flask, password: str) -> None:
    assert passwords.problem_with(password)


def test_the_list_holds_more_than_three_thousand_words_of_eight_characters() -> None:
    words = passwords._common()
    assert len(words) > 3000
    assert min(map(len, words)) == 8


@pytest.mark.parametrize(
    "password", ["short7!", "", "a" * 1025, "nul\0inside it", "tab\tinside it", "line\ninside it"]
)
def test_a_password_too_short_too_long_or_with_controls_is_refused(context: Flask, password: str) -> None:
    assert passwords.problem_with(password)


@pytest.mark.parametrize(
    "password",
    [
        "all lower case words",
        "77318204",
        "ÄÖÜäöüß€",
        "密码很长吗真长吧",
        "x" * 64 + "y",
        "z" * 255 + "q",
        "  b l a ",
    ],
)
def test_no_kind_of_character_is_asked_for(context: Flask, password: str) -> None:
    assert passwords.problem_with(password) is None


@pytest.mark.parametrize(
    "password",
    ["ana.lopez@example.org", "Ana Lopez", "ana.lopez", "ANALOPEZ!", "CommonGround", "springfield police"],
)
def test_what_anyone_would_try_first_for_this_person_is_refused(context: Flask, password: str) -> None:
    assert passwords.problem_with(
        password, about=("ana.lopez@example.org", "Ana Lopez", "Springfield Police")
    )


def test_a_hash_is_argon2id_with_the_stated_cost_and_matches_only_its_password() -> None:
    stored = passwords.hash_password("quiet maple lantern")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(stored, "quiet maple lantern")
    assert not passwords.matches(stored, "quiet maple lanterN")
    assert not passwords.matches(stored, "quiet maple lantern ")


def test_every_byte_of_a_long_password_counts() -> None:
    stored = passwords.hash_password("x" * 1023 + "a")
    assert passwords.matches(stored, "x" * 1023 + "a")
    assert not passwords.matches(stored, "x" * 1023 + "b")


def test_the_same_letters_typed_on_another_device_match() -> None:
    stored = passwords.hash_password("caf\u00e9 am\u00a0morgen")
    assert passwords.matches(stored, "cafe\u0301 am morgen")


def test_checking_nobodys_password_takes_as_long_as_checking_somebodys() -> None:
    stored = passwords.hash_password(PASSWORD)

    def timed(hashed: str | None) -> float:
        return alike.seconds(lambda: passwords.matches(hashed, "wrong for everyone"))

    alike.assert_alike(lambda: timed(None), lambda: timed(stored), band=(0.1, 0.9))


def test_nobody_has_a_password_that_matches() -> None:
    assert not passwords.matches(None, "nobody signs in with this")


def test_a_hash_of_other_parameters_is_outdated() -> None:
    assert passwords.outdated(CHEAP_HASH)
    assert not passwords.outdated(passwords.hash_password(PASSWORD))


@pytest.mark.parametrize("stored", ["", "not a hash", "$argon2id$v=19$m=1$broken"])
def test_a_broken_hash_matches_nothing(stored: str) -> None:
    assert not passwords.matches(stored, PASSWORD)
