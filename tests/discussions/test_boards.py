"""The administrator's forums."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Role
from forum.audit.models import Entry
from forum.core.errors import Refusal
from forum.discussions.models import Audience, Forum
from forum.discussions.operations.boards import ForumDetails, save_forum
from forum.discussions.policy import widens
from forum.extensions import db
from tests.factories import accounts, neighborhoods
from tests.factories import discussions as make


def details(name: str = "Street life", **more: Any) -> ForumDetails:
    return ForumDetails(names={"en": name, "es": ""}, abouts={"en": "What happens here."}, **more)


def test_a_forum_keeps_its_address_when_it_is_renamed(work: Flask) -> None:
    actor = accounts.person(Role.ADMINISTRATOR)
    forum = save_forum(actor=actor, details=details())
    save_forum(actor=actor, details=details("Parks"), forum=forum)
    assert (forum.slug, forum.name("en"), forum.name("es")) == ("street-life", "Parks", "Parks")
    acts = db.session.scalars(select(Entry.act).where(Entry.subject_kind == "forum").order_by(Entry.id))
    assert list(acts) == ["forum.create", "forum.change"]


def test_two_forums_cannot_have_one_address(work: Flask) -> None:
    save_forum(actor=None, details=details())
    with pytest.raises(Refusal):
        save_forum(actor=None, details=details("Street  life!"))


def test_what_was_written_for_fewer_is_opened_to_more_only_when_it_is_meant(work: Flask) -> None:
    forum = save_forum(actor=None, details=details(readers=Audience.STAFF))
    with pytest.raises(Refusal):
        save_forum(actor=None, details=details(readers=Audience.EVERYONE), forum=forum)
    save_forum(actor=None, details=details(readers=Audience.EVERYONE, widen=True), forum=forum)
    save_forum(actor=None, details=details(readers=Audience.VERIFIED), forum=forum)
    assert forum.readers is Audience.VERIFIED


def test_only_a_wider_audience_widens() -> None:
    order = [Audience.STAFF, Audience.VERIFIED, Audience.RESIDENTS, Audience.EVERYONE]
    for i, before in enumerate(order):
        assert [widens(before, after) for after in order] == [j > i for j in range(4)]


def test_an_administrator_makes_orders_and_archives_forums(app: Flask, saved: Any, client: Any) -> None:
    def prepare() -> tuple[int, int]:
        make.forum(slug="first", position=1)
        return accounts.person(Role.ADMINISTRATOR).id, neighborhoods.neighborhood("Eastside").id

    person, area = saved(prepare)
    admin: Any = accounts.sign_in(app.test_client(), person)
    assert admin.send("/admin/forums/new", {"name_en": ""}).status_code == 422
    words = {
        "name_en": "Announcements", "name_es": "Anuncios", "about_en": "What the agency says.", "starters": "staff",
        "neighborhood": str(area), "position": "0",
    }  # fmt: skip
    assert admin.send("/admin/forums/new", words).status_code == 303
    page = admin.page("/admin/forums")
    assert page.text().index("Announcements") < page.text().index("What happens here. Everyone")
    with app.app_context():
        forum = db.session.scalars(select(Forum).where(Forum.slug == "announcements")).one()
        assert (forum.starters, forum.neighborhood_id, forum.name("es")) == (Audience.STAFF, area, "Anuncios")
        path = f"/admin/forums/{forum.id}"
    assert admin.send(path, {"archived": "y"}).status_code == 303
    assert "This forum is archived" in client.page("/forums/announcements").text()
    assert "Anuncios" in client.get("/forums", headers={"Accept-Language": "es"}).text
