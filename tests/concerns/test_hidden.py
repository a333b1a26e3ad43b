"""What is not for everybody is found by nobody else: not by its address, in a list, a feed, a search or a count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.accounts.models import Role
from forum.concerns.models import About, Concern, ConcernFollow, Mode
from forum.concerns.operations.following import find_follow, follow_concern, follow_token
from forum.concerns.operations.recusing import recuse
from forum.concerns.operations.speaking import make_stricter
from forum.concerns.queries.public import ConcernFilters, counted, last_public_entries, latest_in, listed_page
from forum.extensions import db
from tests.factories import accounts, concerns, neighborhoods
from tests.factories.accounts import sign_in
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
MARK = "Zanzibar"
HIDDEN = ("private", "confidential", "anonymous", "withheld", "stricter", "complaint", "recused")


def hidden(kind: str) -> Concern:
    """A concern that the public does not see, for the reason that *kind* names; all its words are marked."""
    mode = Mode(kind) if kind in list(Mode) else Mode.PUBLIC
    area = neighborhoods.neighborhood("Logan Square")
    told: dict[str, Any] = {"title": MARK, "story": MARK, "place": MARK, "neighborhood_id": area.id}
    if kind in ("complaint", "recused"):
        mode, told = Mode.PRIVATE, told | {"about": About.COMPLAINT, "category": "officer"}
    made = concerns.concern(mode, **told)
    if kind == "withheld":
        made.withheld = True
    if kind == "stricter":
        make_stricter(concern=made, mode=Mode.CONFIDENTIAL)
    return made


def spellings(reference: str) -> list[str]:
    plain = reference.replace("-", "")
    return [
        reference, reference.lower(), plain, plain[2:], f"{reference}%20", f"%20{reference}", quote(reference, safe=""),
        reference.replace("0", "O").replace("1", "l"), f"{reference}.json", f"{reference}%00", f"{reference};x",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", HIDDEN)
def test_its_address_answers_404_in_every_spelling_to_everybody(app: Flask, saved: Saved, kind: str) -> None:
    made = saved(lambda: hidden(kind))
    people = saved(lambda: {role: accounts.person(role).id for role in Role})
    for role in (None, *Role):
        client = app.test_client()
        if role is not None:
            sign_in(client, people[role])
        for spelled in spellings(made.reference) if role is None else [made.reference]:
            for rest in ("", "/follow", "/follow/check-mail"):
                status = client.get(f"/concerns/{spelled}{rest}").status_code
                assert status in ((400, 404) if "%00" in spelled else (404,)), (role, spelled, rest)


@pytest.mark.parametrize("kind", HIDDEN)
def test_it_takes_no_followers_and_is_in_no_list_feed_search_or_count(
    client: Client, saved: Saved, kind: str
) -> None:
    made = saved(lambda: hidden(kind))
    shown = saved(lambda: concerns.concern(Mode.PUBLIC))
    token = client.page(f"/concerns/{shown.reference}/follow").form()["csrf_token"]
    data = {"csrf_token": token, "email": "sam@example.org", "me_too": "y"}
    assert client.post(f"/concerns/{made.reference}/follow", data=data).status_code == 404
    for query in (
        "",
        "?neighborhood=logan-square",
        f"?category={'officer' if made.about != About.TOWN else 'speeding'}",
        "?status=open",
    ):
        page = client.page(f"/concerns{query}")
        assert MARK not in page.html
        assert made.reference not in page.html
        assert "2 concerns" not in page.text()
    assert "0 concerns" in client.page(f"/concerns?q={MARK}").text()
    assert MARK not in client.get("/concerns.atom").text
    assert MARK not in client.page("/neighborhoods/logan-square").html


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_hidden_one_answers_like_one_that_never_was(client: Client, saved: Saved, kind: str) -> None:
    made = saved(lambda: hidden(kind))
    there, nowhere = client.get(f"/concerns/{made.reference}"), client.get("/concerns/CG-0000-0000")
    assert there.status_code == nowhere.status_code == 404
    assert there.text.replace(made.reference, "") == nowhere.text.replace("CG-0000-0000", "")
    assert there.headers.get("Last-Modified") == nowhere.headers.get("Last-Modified")


def test_a_followers_link_says_nothing_of_what_was_taken_from_the_public(
    client: Client, saved: Saved
) -> None:
    def make() -> tuple[str, str]:
        made = concerns.concern(Mode.PUBLIC, title=MARK)
        follow_concern(actor=accounts.person(), concern=made, me_too=True, mails=True)
        make_stricter(concern=made, mode=Mode.PRIVATE)
        (follow,) = db.session.query(ConcernFollow)
        return follow_token(follow), made.reference

    token, reference = saved(make)
    with client.application.app_context():
        assert find_follow(token) is not None
    page = client.page(f"/concerns/follow/{token}")
    assert MARK not in page.html
    assert reference not in page.html


TOLD = st.tuples(
    st.sampled_from(list(Mode)),
    st.booleans(),  # withheld
    st.booleans(),  # made stricter
    st.booleans(),  # about an officer
    st.sampled_from(["speeding", "noise"]),
    st.integers(0, 2),  # where
    st.sampled_from(["cars race", "the children cross", "música de noche"]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(TOLD, max_size=6),
    st.sampled_from(["", "cars", "MUSICA", "cross"]),
    st.sampled_from(["", "speeding"]),
)
def test_nobody_finds_or_counts_what_they_may_not_see(
    work: Flask, told: list[Any], q: str, category: str
) -> None:
    db.session.rollback()
    areas = [neighborhoods.neighborhood(f"Area {n}") for n in range(3)]
    made = []
    for mode, withheld, stricter, about_staff, kind, where, words in told:
        about = About.COMPLAINT if about_staff and mode is not Mode.PUBLIC else About.TOWN
        concern = concerns.concern(
            mode, category=kind, about=about, title=words, story=words, neighborhood_id=areas[where].id
        )
        concern.withheld = withheld
        if stricter and mode in (Mode.PUBLIC, Mode.PRIVATE):
            make_stricter(concern=concern, mode=Mode.CONFIDENTIAL)
        if withheld:
            recuse(actor=None, concern=concern, people=[accounts.person(Role.OFFICER)])
        made.append(concern)
    db.session.flush()
    listed = {c.id for c in made if c.mode is Mode.PUBLIC and not c.withheld}
    assert set(db.session.scalars(listed_page(ConcernFilters()).with_only_columns(Concern.id))) == listed
    assert counted(ConcernFilters()) == len(listed)
    filters = ConcernFilters(q=q, category=category)
    found = {c.id for c in db.session.scalars(listed_page(filters))}
    assert found <= listed
    assert counted(filters) == len(found)
    for area in areas:
        here = {c.id for c in made if c.id in listed and c.neighborhood_id == area.id}
        assert {c.id for c in db.session.scalars(latest_in(area.id, 9))} == here
    entries = db.session.scalars(last_public_entries([c.id for c in made])).all()
    assert listed <= {entry.concern_id for entry in entries}
