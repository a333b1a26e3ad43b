"""Nobody is named in the data that is kept here."""

from __future__ import annotations

import json
import re

import pytest

from forum.demo import prepare
from forum.demo.calendar import rows

pytestmark = pytest.mark.once

TEXTS = [str(row[name]) for row in rows() for name in prepare.KEPT if isinstance(row[name], str)]

PHONE = re.compile(r"\d{3}[\s).\-/]{0,4}\d{3}[\s.\-=]{0,3}\d{4}")
# A rank or an honorific, and a word that begins like a name.
NAMED = re.compile(
    r"\b(?:P\.? ?O\.?|Sgt\.?|Sergeant|Officer|Lt\.?|Commander|Capt\.?|Alderman|Ald\.|Pastor|Rev\.|Reverend|Mrs?\.|Ms\.)"
    r"\s+([A-Z][\w'’.-]*)",
    re.I,
)
NOT_NAMES = re.compile(
    r"(?:friendly|united|apostolic|of|program|and|in|at|on|block|open|unity|back|the|or|award|will|meet|meets|to|for|by|from|box"
    r"|committee|committees|coffee|office|appreciation|312|district\d+@example\.org|s|is|with|who|works?"
    r"|recruitment|volunteers?|members?|present\w*|that|said|sponsored|support|will|speak\w*|our|your|are|as|a)\.?",
    re.I,
)


def test_every_phone_number_rings_nowhere() -> None:
    numbers = {found for text in TEXTS for found in PHONE.findall(text)}
    assert numbers
    assert {n for n in numbers if not re.fullmatch(r"312-555-01\d\d", n)} == set()


def test_every_mail_address_and_web_address_is_nobodys() -> None:
    addresses = {found for text in TEXTS for found in re.findall(r"\S+@\S+", text) if "." in found}
    assert addresses
    assert {a for a in addresses if not a.rstrip(").,").endswith("@example.org")} == set()
    hosts = {m for text in TEXTS for m in re.findall(r"(?:https?://|www\.)[\w.-]+|\b[\w-]+\.com\b", text)}
    assert hosts <= {"http://www.example.org", "www.example.org"}


def test_no_rank_is_followed_by_a_name() -> None:
    named = {
        m[0]
        for text in TEXTS
        for m in NAMED.finditer(text)
        if m[1][0].isupper() and not NOT_NAMES.fullmatch(m[1])
    }
    assert named == set()


def test_no_contact_is_anything_but_a_role() -> None:
    contacts = {row["contactDetails"] for row in rows()} - {None}
    role = r"(?:\d+(?:st|nd|rd|th) District community policing office|The beat (?:officer|sergeant)|The organizers)"
    whole = re.compile(rf"\s*{role}(?:\s+312-555-01\d\d)?(?:\s+district\d\d@example\.org)?\s*")
    assert [contact for contact in contacts if not whole.fullmatch(contact)] == []


@pytest.mark.parametrize(
    ("raw", "kept"),
    (
        ("Coffee with Commander Jane Q. Public.", "Coffee with the commander."),
        ("Register with P.O. Doe 312.742.1234", "Register with a beat officer 312-555-0118"),
        ("Officer Friendly visits", "Officer Friendly visits"),
        ("ALDERMAN JOHN DOE will speak", "The alderman will speak"),
        (
            "Write to john.doe@chicagopolice.org or see www.doe.com/x",
            "Write to district18@example.org or see www.example.org",
        ),
    ),
)
def test_people_become_roles(raw: str, kept: str) -> None:
    assert prepare.without_names(prepare.without_contacts(raw, 18), frozenset()) == kept


def test_preparing_again_changes_nothing() -> None:
    once = rows()
    assert json.dumps(prepare.cleaned(once)) == json.dumps(once)
