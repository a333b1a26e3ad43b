"""The areas' pages, for a visitor without JavaScript, for a resident, and for an administrator."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from forum.accounts.models import Role
from forum.core import geo
from forum.extensions import db
from forum.neighborhoods import following, queries
from forum.neighborhoods.forms import read_point
from forum.neighborhoods.models import Beat, Neighborhood
from forum.neighborhoods.operations import import_neighborhoods
from forum.neighborhoods.views.contact import contact_url
from tests.factories import accounts
from tests.factories import neighborhoods as make
from tests.pages import Page

FIVE = Path(__file__).parent / "data/five_areas.geojson"
Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def five(saved: Saved) -> None:
    """Five real areas side by side."""
    features = geo.read_features(json.loads(FIVE.read_text()))
    saved(lambda: import_neighborhoods(actor=None, features=features))


def queries_of(app: Flask, run: Callable[[], Any]) -> int:
    """How many statements *run* sends to the database."""
    count = 0

    def counted(*_args: Any) -> None:
        nonlocal count
        count += 1

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", counted)
    try:
        run()
    finally:
        event.remove(engine, "before_cursor_execute", counted)
    return count


def drawn(page: Page, tag: str) -> list[Any]:
    """The SVG elements of a page."""
    return [element for element in page.root.iter() if element.tag == f"{{http://www.w3.org/2000/svg}}{tag}"]


def followed(client: Any) -> list[str]:
    """The names on the page of what one follows."""
    page = client.page("/neighborhoods/following")
    return [
        "".join(link.itertext())
        for listed in page.all("ul")
        if listed.get("class") == "followed"
        for link in listed.iter("a")
    ]


@pytest.mark.usefixtures("five")
def test_every_area_is_listed_with_its_outline(client: Any) -> None:
    page = client.page("/neighborhoods")
    for slug in ("avondale", "bucktown", "humboldt-park", "logan-square", "wicker-park"):
        assert f"/neighborhoods/{slug}" in page.links()
    assert len(drawn(page, "a")) == 5
    assert "5 neighborhoods" in page.text()
    assert len([path for path in drawn(page, "path") if path.get("d").startswith("M")]) >= 10


def test_a_town_without_areas_says_what_to_do(client: Any) -> None:
    assert "No neighborhoods yet" in client.page("/neighborhoods").text()
    assert "No neighborhoods yet" in client.page("/neighborhoods/find").text()
    assert client.get("/neighborhoods.geojson").get_json()["features"] == []


@pytest.mark.usefixtures("five")
def test_an_area_shows_where_it_lies_and_its_calendar(client: Any) -> None:
    page = client.page("/neighborhoods/logan-square")
    assert "Logan Square" in page.text()
    assert any("Where Logan Square lies" in svg.get("aria-label", "") for svg in drawn(page, "svg"))
    assert "/neighborhoods/logan-square/events.ics" in page.links()
    assert "No officer is named" in page.text()


def test_an_area_names_its_officers_and_how_to_reach_them(client: Any, saved: Saved) -> None:
    def town() -> None:
        sergeant = accounts.person(
            Role.OFFICER, name="Ana Ruiz", title="Beat sergeant", public_contact="beat1433@example.org"
        )
        gone = accounts.person(Role.RESIDENT, name="Gone Officer")
        make.beat("1433", neighborhoods=[make.neighborhood("Pilsen")], officers=[sergeant, gone])

    saved(town)
    page = client.page("/neighborhoods/pilsen")
    assert "Ana Ruiz Beat sergeant beat1433@example.org" in page.text()
    assert "mailto:beat1433@example.org" in page.links()
    assert "Served by beat 1433." in page.text()
    assert "Gone Officer" not in page.text()


@pytest.mark.parametrize("slug", ("nowhere", "x" * 500, ".."))
def test_an_unknown_area_is_not_found(client: Any, slug: str) -> None:
    assert client.get(f"/neighborhoods/{slug}").status_code == 404
    assert client.get(f"/neighborhoods/{slug}/follow").status_code == 404


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("query", "words"),
    (
        ("point=41.9231,-87.7093", "That point lies in Logan Square."),
        ("point=(41.9231;+-87.7093)", "That point lies in Logan Square."),
        ("lat=41.9231&lon=-87.7093", "That point lies in Logan Square."),
        ("point=-87.7093,41.9231", "none of our neighborhoods"),
        ("point=0,0", "none of our neighborhoods"),
        ("point=1433+W+Division", "could not read this"),
        ("point=91,0", "could not read this"),
        ("lat=x&lon=", "could not read this"),
        ("point=" + "9" * 5000, "could not read this"),
    ),
)
def test_a_point_finds_its_area_without_javascript(client: Any, query: str, words: str) -> None:
    assert words in client.page(f"/neighborhoods/find?{query}").text()


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("query", ("", "?point=", "?point=+"))
def test_without_a_point_nothing_is_said_of_one(client: Any, query: str) -> None:
    text = client.page(f"/neighborhoods/find{query}").text()
    assert "point lies" not in text
    assert "could not read" not in text


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "point"),
    (
        ("41.92, -87.7", (41.92, -87.7)),
        ("41.92 -87.7", (41.92, -87.7)),
        ("-90,180", (-90.0, 180.0)),
        ("41,92, -87,7", None),
        ("41.92", None),
        ("nan, nan", None),
        ("1e3, 0", None),
        ("41.92, -187", None),
    ),
)
def test_a_point_is_read_as_people_write_it(text: str, point: tuple[float, float] | None) -> None:
    assert read_point(text) == point


@pytest.mark.usefixtures("five")
def test_the_map_is_geojson_that_an_import_would_take(client: Any) -> None:
    response = client.get("/neighborhoods.geojson")
    assert response.mimetype == "application/geo+json"
    assert "Set-Cookie" not in response.headers
    features = geo.read_features(response.get_json())
    assert features[0].properties["name"] == "Avondale"
    assert response.get_json()["features"][0]["properties"]["url"] == "/neighborhoods/avondale"


def test_pages_ask_as_many_questions_for_three_areas_as_for_one(
    app: Flask, client: Any, saved: Saved
) -> None:
    def area(name: str) -> None:
        officers = [accounts.person(Role.OFFICER), accounts.person(Role.OFFICER)]
        make.beat(neighborhoods=[make.neighborhood(name)], officers=officers)

    addresses = (
        "/neighborhoods",
        "/neighborhoods/one",
        "/neighborhoods/find?point=41.91,-87.69",
        "/neighborhoods.geojson",
    )
    saved(lambda: area("One"))
    before = [
        queries_of(app, lambda url=url: client.get(url + ("&" if "?" in url else "?") + "a"))
        for url in addresses
    ]
    saved(lambda: [area(name) for name in ("Two", "Three")])
    after = [
        queries_of(app, lambda url=url: client.get(url + ("&" if "?" in url else "?") + "b"))
        for url in addresses
    ]
    assert after == before
    assert max(after) <= 8


@pytest.mark.usefixtures("five")
def test_public_pages_carry_nothing_personal(client: Any) -> None:
    for address in ("/neighborhoods", "/neighborhoods/avondale", "/neighborhoods/find"):
        response = client.get(address)
        assert "Set-Cookie" not in response.headers
        assert b"csrf_token" not in response.data
        assert "no-cache" in response.headers["Cache-Control"]


# Following -----------------------------------------------------------------------------------------------------------


def test_the_cookie_of_follows_passes_the_visitor_cache() -> None:
    from forum.core.caching import BYPASS_COOKIES

    assert following.COOKIE in BYPASS_COOKIES


@pytest.mark.usefixtures("five")
def test_a_visitor_follows_in_a_cookie_and_nothing_else(app: Flask, client: Any) -> None:
    response = client.send("/neighborhoods/avondale/follow", {"wish": "follow"})
    assert response.status_code == 303
    cookie = client.get_cookie(following.COOKIE)
    assert cookie.value == "avondale"
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")
    client.send("/neighborhoods/wicker-park/follow", {"wish": "follow"})
    assert followed(client) == ["Avondale", "Wicker Park"]
    assert "You follow Avondale on this device" in client.page("/neighborhoods/avondale").text()
    with app.app_context():
        assert db.session.scalar(sa.text("SELECT count(*) FROM follow")) == 0


@pytest.mark.usefixtures("five")
def test_a_visitor_stops_following_and_the_cookie_goes(client: Any) -> None:
    client.send("/neighborhoods/avondale/follow", {"wish": "follow"})
    client.send("/neighborhoods/following", {}, form="/avondale/follow")
    assert client.get_cookie(following.COOKIE) is None
    assert followed(client) == []


@pytest.mark.usefixtures("five")
def test_a_visitors_cookie_holds_twenty_at_most(client: Any) -> None:
    client.set_cookie(following.COOKIE, ".".join(f"area-{n}" for n in range(following.MOST)))
    response = client.send("/neighborhoods/avondale/follow", {"wish": "follow"})
    assert response.status_code == 422
    assert "You follow 20 neighborhoods already" in Page(response.get_data(as_text=True)).text()
    assert "avondale" not in client.get_cookie(following.COOKIE).value


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("value", ("", ".", "<script>", "a b", "avondale.avondale", "x" * 4000, "\u00e9"))
def test_whatever_the_cookie_holds_pages_answer(client: Any, value: str) -> None:
    client.set_cookie(following.COOKIE, value)
    assert followed(client) == (["Avondale"] if value.startswith("avondale") else [])
    client.page("/neighborhoods/avondale")


@pytest.mark.usefixtures("five")
def test_a_page_with_a_follows_cookie_is_not_kept_for_others(app: Flask, client: Any) -> None:
    client.set_cookie(following.COOKIE, "avondale")
    assert "on this device" in client.page("/neighborhoods/avondale").text()
    assert "on this device" not in app.test_client().page("/neighborhoods/avondale").text()


@pytest.mark.usefixtures("five")
def test_a_resident_follows_in_the_table_with_one_button(app: Flask, client: Any, saved: Saved) -> None:
    resident = saved(accounts.person)
    accounts.sign_in(client, resident)
    assert client.send("/neighborhoods/avondale", {}, form="/avondale/follow").status_code == 303
    assert "You follow Avondale." in client.page("/neighborhoods/avondale").text()
    assert followed(client) == ["Avondale"]
    assert client.get_cookie(following.COOKIE) is None
    client.send("/neighborhoods/avondale", {}, form="/avondale/follow")
    assert followed(client) == []


@pytest.mark.usefixtures("five")
def test_what_a_browser_followed_is_offered_after_signing_in(client: Any, saved: Saved) -> None:
    client.send("/neighborhoods/avondale/follow", {"wish": "follow"})
    client.send("/neighborhoods/bucktown/follow", {"wish": "follow"})
    accounts.sign_in(client, saved(accounts.person))
    assert followed(client) == []
    assert "you followed Avondale, Bucktown here" in client.page("/neighborhoods/following").text()
    client.send("/neighborhoods/following", {}, form="/neighborhoods/following")
    assert followed(client) == ["Avondale", "Bucktown"]
    assert client.get_cookie(following.COOKIE) is None


@pytest.mark.usefixtures("five")
def test_following_as_a_resident_takes_the_browsers_along(client: Any, saved: Saved) -> None:
    client.send("/neighborhoods/avondale/follow", {"wish": "follow"})
    accounts.sign_in(client, saved(accounts.person))
    client.send("/neighborhoods/bucktown/follow", {"wish": "follow"}, form="/bucktown/follow")
    assert followed(client) == ["Avondale", "Bucktown"]
    assert client.get_cookie(following.COOKIE) is None


@pytest.mark.usefixtures("five")
def test_following_needs_the_forms_token(app: Flask, client: Any) -> None:
    for address in ("/neighborhoods/avondale/follow", "/neighborhoods/following"):
        assert client.post(address, data={"wish": "follow"}).status_code in (400, 422)
    assert client.get_cookie(following.COOKIE) is None


def test_erasing_an_account_forgets_its_follows(app: Flask, saved: Saved) -> None:
    from forum.accounts.operations.erasing import erase

    def town() -> Any:
        resident = accounts.person()
        make.follow(resident, make.neighborhood())
        return resident

    resident = saved(town)
    saved(lambda: erase(db.session.merge(resident)))
    with app.app_context():
        assert list(db.session.scalars(queries.followed_by(resident))) == []


# Beats ---------------------------------------------------------------------------------------------------------------


def test_an_administrator_adds_changes_and_removes_a_beat(app: Flask, client: Any, saved: Saved) -> None:
    def town() -> tuple[Any, ...]:
        officer = accounts.person(Role.OFFICER, name="Ana Ruiz")
        return accounts.person(Role.ADMINISTRATOR), officer.id, make.neighborhood("Pilsen").id

    admin, officer_id, area_id = saved(town)
    accounts.sign_in(client, admin)
    assert "1 neighborhood without" not in client.page("/admin/neighborhoods").text()
    added = {"code": "1433", "officers": [officer_id], "neighborhoods": [area_id]}
    assert client.send("/admin/neighborhoods/beats/new", added, form="/beats/new").status_code == 303
    assert "1433 Ana Ruiz Pilsen" in client.page("/admin/neighborhoods").text()
    with app.app_context():
        beat_id = db.session.scalar(sa.select(Beat.id))
    page = client.page(f"/admin/neighborhoods/beats/{beat_id}")
    assert {box.get("value") for box in page.all("input") if box.get("checked") is not None} == {
        str(officer_id),
        str(area_id),
    }
    client.send(
        f"/admin/neighborhoods/beats/{beat_id}", {"code": "1434", "officers": None, "neighborhoods": None}
    )
    text = client.page("/admin/neighborhoods").text()
    assert "1434 Nobody None" in text
    assert "1 neighborhood without a beat" in text
    client.send(f"/admin/neighborhoods/beats/{beat_id}", {}, form="/remove")
    assert "No beats yet" in client.page("/admin/neighborhoods").text()


def test_a_beats_code_must_be_free_and_the_form_says_so(client: Any, saved: Saved) -> None:
    admin = saved(lambda: (make.beat("1433"), accounts.person(Role.ADMINISTRATOR))[1])
    accounts.sign_in(client, admin)
    for code, words in (
        ("1433", "a beat of this name already"),
        ("", "Give the beat a number"),
        ("x" * 17, "Use at most 16 characters."),
    ):
        response = client.send("/admin/neighborhoods/beats/new", {"code": code}, form="/beats/new")
        assert response.status_code == 422
        assert words in Page(response.get_data(as_text=True)).text()


def test_beats_are_an_administrators(client: Any, app: Flask, saved: Saved) -> None:
    beat_id, people = saved(lambda: (make.beat().id, [accounts.person(role) for role in Role]))
    addresses = (
        "/admin/neighborhoods",
        "/admin/neighborhoods/beats/new",
        f"/admin/neighborhoods/beats/{beat_id}",
    )
    for person in people:
        browser = accounts.sign_in(app.test_client(), person)
        expected = 200 if person.role is Role.ADMINISTRATOR else 404
        assert [browser.get(address).status_code for address in addresses] == [expected] * 3
    assert client.get(addresses[0]).status_code == 302


@pytest.mark.parametrize("beat_id", ("0", "999", str(2**31), str(2**70)))
def test_an_unknown_beat_is_not_found(client: Any, saved: Saved, beat_id: str) -> None:
    accounts.sign_in(client, saved(lambda: accounts.person(Role.ADMINISTRATOR)))
    assert client.get(f"/admin/neighborhoods/beats/{beat_id}").status_code == 404


@pytest.mark.once
@pytest.mark.parametrize(
    ("contact", "url"),
    (
        ("beat@example.org", "mailto:beat@example.org"),
        ("(312) 555-0142", "tel:3125550142"),
        ("+1 312 555 0142", "tel:+13125550142"),
        ("Ask at the front desk", None),
        ("javascript:alert(1)@x.y", None),
        ("a@b.c?cc=x@y.z", None),
        ("311", None),
    ),
)
def test_a_contact_is_a_link_only_where_a_device_can_follow_it(contact: str, url: str | None) -> None:
    assert contact_url(contact) == url


def test_a_new_area_is_a_page_at_once(client: Any, saved: Saved) -> None:
    assert client.get("/neighborhoods/pilsen").status_code == 404
    saved(lambda: make.neighborhood("Pilsen"))
    client.page("/neighborhoods/pilsen")
    assert isinstance(
        saved(lambda: db.session.scalars(queries.by_slug("pilsen")).unique().first()), Neighborhood
    )
