"""What counts as an e-mail address."""

from __future__ import annotations

import itertools

import pytest
from email_validator import validate_email

from forum.accounts.addresses import PLAIN, SHORT, is_address

pytestmark = pytest.mark.once
NAMES = ("a", "0", "Marisol", "m.quintero", "a-b", "a_b", "a+town", "a.b-c_d+e", "a" * 48)
PLACES = ("b", "0", "EXAMPLE", "a-b", "a-b-c.d", "1.2.3", "xn.b", "b" * 48)
ENDS = ("com", "edu", "gov", "net", "ORG", "us")


def test_what_looks_like_nearly_every_address_is_one_for_the_library_too() -> None:
    texts = [f"{name}@{place}.{end}" for name, place, end in itertools.product(NAMES, PLACES, ENDS)]
    plain = [text for text in texts if len(text) <= SHORT]
    assert len(plain) > 400
    for text in plain:
        assert PLAIN.fullmatch(text)
        assert validate_email(text, check_deliverability=False)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a@", "@example.org", "a@example", "a..b@example.org", ".a@example.org", "a.@example.org",
     "a@-example.org", "a@example-.org", "a@example..org", "a@example.local", "a b@example.org", "a@example.org\n",
     "a@exa_mple.org", f"a@{'b' * 64}.org", f"a@{'b.' * 130}org", "a@example.org,b@example.org"],
)  # fmt: skip
def test_what_cannot_be_written_to_is_no_address(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize(
    "text", ["marisol@example.org", "Marisol+town@mail.example.co.uk", "josé@example.org", "a@example.test"]
)
def test_what_can_be_written_to_is_one(text: str) -> None:
    assert is_address(text)
