"""Raising a concern: a step at a time, nothing lost, nothing kept before it is sent."""

from __future__ import annotations

import base64
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from forum.accounts.models import Role
from forum.audit.models import Entry as LedgerEntry
from forum.concerns.danger import speaks_of_danger
from forum.concerns.models import (
    About,
    Category,
    Concern,
    ConcernPicture,
    DangerCount,
    Identity,
    Mode,
    Source,
    Status,
)
from forum.concerns.receipts import is_code
from forum.extensions import db
from tests import alike
from tests.concerns.steps import jpeg, page_of, press, send, step_of, walk
from tests.factories import accounts, concerns, neighborhoods
from tests.factories.accounts import sign_in
from tests.pages import Client


def raised(app: Flask) -> Concern:
    return db.session.scalars(select(Concern)).one()


def test_a_visitor_raises_one_and_gets_a_receipt_that_no_address_leads_to(app: Flask, client: Client) -> None:
    answer = press(client, walk(client))
    text = page_of(answer).text()
    with app.app_context():
        made = raised(app)
        assert (made.mode, made.title, made.place) == (
            Mode.ANONYMOUS,
            "Cars race down Palmer",
            "Palmer and Kedzie",
        )
        assert made.reference in text
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.request.path == "/concerns/new"
    assert "within 3 days" in text
    assert "/concerns/track" in text


def test_the_modes_are_explained_before_a_word_is_typed(client: Client) -> None:
    page = client.page("/concerns/new")
    for mode in ("Public", "Private", "Confidential", "Anonymous"):
        assert page.text().count(mode) >= 2
    assert page.all("table")
    assert not page.all("textarea")
    assert "911" in page.text()


def test_the_code_is_shown_before_sending_and_the_same_form_gives_the_same_receipt(
    app: Flask, client: Client
) -> None:
    review = walk(client)
    code = page_of(review).form("/concerns/new")["code"]
    assert is_code(code)
    assert code in page_of(review).text()
    first, second = press(client, review), press(client, review)
    assert page_of(first).text() == page_of(second).text()
    with app.app_context():
        raised(app)


def test_going_back_and_forth_loses_nothing(client: Client) -> None:
    review = walk(client)
    fields = page_of(review).form("/concerns/new")
    story = press(client, review, go="story")
    assert step_of(story) == "story"
    again = page_of(story).form("/concerns/new")
    assert again["story"] == "Every evening after nine."
    assert again["code"] == fields["code"]
    back = press(client, story, go="category", title="Another title")
    assert page_of(back).form("/concerns/new")["title"] == "Another title"


@pytest.mark.parametrize(
    ("step", "typed", "words"),
    [
        ("mode", {"mode": "secret"}, "Choose how you want to send it"),
        ("category", {"category": "nothing"}, "Choose what it is about"),
        ("story", {"title": "", "story": "It happened."}, "Give it a short title"),
        ("story", {"title": "T", "story": " "}, "in your own words"),
        ("story", {"title": "T", "story": "x" * 20_001}, "at most 20,000 characters"),
        ("place", {"point": "41.9"}, "could not read this"),
        ("place", {"point": "52.52, 13.4"}, "outside our town"),
        ("place", {"neighborhood": "x"}, "Choose a neighborhood"),
        ("contact", {"language": "xx"}, "Choose a language"),
    ],
)
def test_a_step_that_does_not_hold_comes_again_with_everything(
    client: Client, saved: Callable[[Callable[[], Any]], Any], step: str, typed: dict[str, str], words: str
) -> None:
    saved(lambda: neighborhoods.neighborhood().id)
    before = walk(client, until=step)
    answer = press(client, before, 422, **typed)
    assert words in page_of(answer).text()
    assert step_of(answer) == step
    kept = page_of(answer).form("/concerns/new")
    assert all(
        kept.get(name, "").strip() == value.strip()
        for name, value in typed.items()
        if name in ("title", "story", "point")
    )
    earlier = page_of(before).form("/concerns/new")
    assert all(
        kept[name] == earlier[name] for name in ("title", "story") if name in earlier and name not in typed
    )


def test_a_session_that_ended_takes_no_text_with_it(app: Flask, client: Client) -> None:
    story = walk(client, until="story")
    fields = page_of(story).form("/concerns/new") | {"title": "Kept", "story": "Every word of it."}
    other = app.test_client()  # whose cookies are not those the form came with
    answer = other.post("/concerns/new", data=fields)
    assert answer.status_code == 400
    again = page_of(answer).form("/concerns/new")
    assert (again["title"], again["story"]) == ("Kept", "Every word of it.")
    assert step_of(press(other, answer)) == "place"


def test_another_sites_form_is_not_taken_however_it_is_filled(client: Client) -> None:
    fields = page_of(walk(client)).form("/concerns/new")
    answer = client.post("/concerns/new", data=fields, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 400
    assert "Every evening" not in answer.get_data(as_text=True)


def test_an_anonymous_sender_who_is_signed_in_leaves_nothing(
    app: Flask, client: Client, saved: Callable[[Callable[[], Any]], Any]
) -> None:
    sign_in(client, saved(lambda: accounts.person(name="Marisol Quintero").id))
    send(client)
    with app.app_context():
        raised(app)
        assert db.session.scalars(select(Identity)).all() == []


def test_who_is_signed_in_sends_under_their_account_unless_anonymous(
    app: Flask, client: Client, saved: Callable[[Callable[[], Any]], Any]
) -> None:
    person = saved(lambda: accounts.person().id)
    sign_in(client, person)
    contact = walk(client, until="contact", mode={"mode": "confidential"})
    assert "name" not in page_of(contact).form("/concerns/new")
    send(client, mode={"mode": "confidential"})
    with app.app_context():
        assert db.session.scalars(select(Identity)).one().person_id == person


def test_a_contact_typed_before_one_became_anonymous_is_dropped(app: Flask, client: Client) -> None:
    review = walk(client, mode={"mode": "private"}, contact={"name": "Marisol", "email": "m@example.org"})
    mode = press(client, review, go="mode")
    again = press(client, mode, mode="anonymous")
    assert "Marisol" not in again.get_data(as_text=True)


def test_what_is_about_an_officer_asks_for_another_mode_than_public(app: Flask, client: Client) -> None:
    category = walk(client, until="category", mode={"mode": "public"})
    refused = press(client, category, 422, category="officer")
    assert "never shown in public" in page_of(refused).text()
    story = press(client, refused, mode="private", category="officer")
    assert "complaint" in page_of(story).text()
    send(client, mode={"mode": "private"}, category={"category": "officer"}, story={"about": "commendation"})
    with app.app_context():
        assert raised(app).about is About.COMMENDATION


def test_danger_is_spoken_of_once_and_counted_without_anybody(app: Flask, client: Client) -> None:
    category = walk(client, until="category")
    warned = press(client, category, category="person")
    assert "Call or text 911" in page_of(warned).text()
    story = press(client, warned)
    assert step_of(story) == "story"
    words = press(client, story, title="T", story="He has a gun.")
    assert "danger now" in page_of(words).text()
    assert step_of(press(client, words)) == "place"
    with app.app_context():
        counts = {str(row.cause): row.times for row in db.session.scalars(select(DangerCount))}
    assert counts == {"category": 1, "words": 1}


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("He has a GUN.", True),
        ("I can’t breathe", True),
        ("Mi vecino me golpea", True),
        ("violacion", True),
        ("They began to shout", False),
        ("Harmless", False),
        ("", False),
    ],
)
def test_words_of_danger_are_known_in_any_spelling_and_never_inside_others(text: str, speaks: bool) -> None:
    assert speaks_of_danger(text) is speaks


def test_the_words_are_public(client: Client) -> None:
    assert "gun" in client.page("/concerns/danger-words").text()


def test_pictures_are_carried_and_kept_where_no_address_reads_them(app: Flask, client: Client) -> None:
    pictures = walk(client, until="pictures")
    added = press(client, pictures, pictures=[(jpeg(), "IMG_secret.jpg"), (jpeg((30, 90)), "b.jpg")])
    assert step_of(added) == "pictures"
    assert len(page_of(added).all("img")) == 2
    review = press(client, added, **{"alt-0": "A blue car"})
    assert step_of(review) == "review"
    press(client, review)
    with app.app_context():
        kept = db.session.scalars(select(ConcernPicture).order_by(ConcernPicture.position)).all()
        assert [picture.alt for picture in kept] == ["A blue car", ""]
        names = [picture.name for picture in kept]
    assert client.get(f"/media/{names[0]}").status_code == 404
    assert client.get(f"/concerns/pictures/{names[0]}").status_code == 302
    folder = app.config["FORUM"].instance_dir / "concern-pictures"
    assert {path.stat().st_mtime % 3600 for path in folder.iterdir()} == {0.0}


def zipped() -> BytesIO:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "no picture")
    file.seek(0)
    return file


def huge_png() -> BytesIO:
    """A PNG that says it is 50,000 pixels on each side."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (50_000).to_bytes(4, "big") * 2 + bytes((8, 2, 0, 0, 0))
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 5_000)) + chunk(b"IEND", b"")
    return BytesIO(b"\x89PNG\r\n\x1a\n" + body)


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("photo.jpg", zipped, "not a picture we can read"),
        (
            "drawing.svg",
            lambda: BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            "not a picture we can read",
        ),
        ("large.png", huge_png, "million pixels"),
        ("heavy.jpg", lambda: BytesIO(b"\xff\xd8" + b"x" * (9 * 1024 * 1024)), "larger than 8 MB"),
        ("heap.jpg", lambda: BytesIO(b"\xff\xd8" + b"x" * (40 * 1024 * 1024)), "too large"),
    ],
)
def test_a_picture_that_cannot_be_taken_takes_no_text_with_it(
    client: Client, name: str, make: Callable[[], BytesIO], words: str
) -> None:
    pictures = walk(client, until="pictures")
    answer = press(client, pictures, 422, pictures=[(jpeg(), "good.jpg"), (make(), name)])
    assert words in page_of(answer).text()
    fields = page_of(answer).form("/concerns/new")
    assert fields["story"] == "Every evening after nine."
    assert "picture-0" in fields
    assert step_of(press(client, answer)) == "review"


def test_forty_pictures_are_answered_clearly(client: Client) -> None:
    answer = press(
        client, walk(client, until="pictures"), 422, pictures=[(jpeg(), f"{n}.jpg") for n in range(40)]
    )
    assert "at most 5 pictures" in page_of(answer).text()
    assert "picture-4" in page_of(answer).form("/concerns/new")


def test_what_somebody_writes_into_the_hidden_picture_is_no_picture(app: Flask, client: Client) -> None:
    answer = press(client, walk(client), 422, **{"picture-0": "bm90IGEgcGljdHVyZQ=="})
    assert "not a picture" in page_of(answer).text()


def in_text(size: tuple[int, int], kind: str) -> str:
    written = BytesIO()
    Image.new("1", size).convert("L").save(written, kind)
    return base64.b64encode(written.getvalue()).decode()


def giant_header() -> str:
    data = bytearray(base64.b64decode(in_text((8, 8), "JPEG")))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = b"\xff\xff\xff\xff"
    return base64.b64encode(bytes(data)).decode()


@pytest.mark.parametrize("text", [in_text((6000, 6000), "PNG"), in_text((3000, 40), "JPEG"), giant_header()])
def test_a_hidden_picture_that_we_did_not_make_is_never_decoded(client: Client, text: str) -> None:
    form = walk(client)

    def send() -> None:
        answer = press(client, form, 422, **{f"picture-{place}": text for place in range(5)})
        assert "not a picture" in page_of(answer).text()

    assert alike.quickest(send, enough=2) <= 2


def test_what_others_raised_in_public_is_offered_and_never_what_is_not(
    app: Flask, client: Client, saved: Callable[[Callable[[], Any]], Any]
) -> None:
    area = saved(lambda: neighborhoods.neighborhood().id)
    shared = {
        "title": "Racing on Palmer Street",
        "story": "Cars race every evening.",
        "neighborhood_id": area,
    }
    public = saved(lambda: concerns.concern(Mode.PUBLIC, **shared).reference)
    hidden = saved(lambda: concerns.concern(Mode.PRIVATE, **shared).reference)
    other = saved(lambda: concerns.concern(Mode.PUBLIC, **(shared | {"neighborhood_id": None})).reference)
    told = {"title": "Racing at night", "story": "Every evening cars race on Palmer."}
    pictures = walk(client, until="pictures", story=told, place={"neighborhood": str(area)})
    same = press(client, pictures)
    text = same.get_data(as_text=True)
    assert public in text
    assert hidden not in text
    assert other not in text
    assert step_of(press(client, same)) == "review"


@pytest.mark.parametrize("mode", ["private", "anonymous"])
def test_who_joins_anothers_public_concern_keeps_a_thread_and_a_mode_of_their_own(
    app: Flask, client: Client, saved: Callable[[Callable[[], Any]], Any], mode: str
) -> None:
    area = saved(lambda: neighborhoods.neighborhood().id)
    told = {"title": "Racing on Palmer Street", "story": "Cars race every evening."}
    other = saved(lambda: concerns.concern(Mode.PUBLIC, neighborhood_id=area, **told).reference)
    before = client.get(f"/concerns/{other}").text
    steps = {"mode": {"mode": mode}, "story": told, "place": {"neighborhood": str(area)}}
    same = press(client, walk(client, until="pictures", **steps))
    review = press(client, same, joins=other)
    assert "Goes along with Racing on Palmer Street" in page_of(review).text()
    alone = press(client, review, go="alone")
    assert step_of(alone) == "review"
    assert "Goes along with" not in page_of(alone).text()
    code = page_of(review).form("/concerns/new")["code"]
    for _sent in range(2):
        assert code in page_of(press(client, review)).text()
    with app.app_context():
        main = db.session.scalars(select(Concern).where(Concern.reference == other)).one()
        mine = db.session.scalars(select(Concern).where(Concern.merged_into_id == main.id)).one()
        assert (str(mine.mode), mine.status) == (mode, Status.RECEIVED)
        told_the_ledger = db.session.scalars(
            select(LedgerEntry.act).where(LedgerEntry.subject_id == mine.id)
        ).all()
        assert ("concern.merge" in told_the_ledger) is (mode == "private")
    assert client.get(f"/concerns/{other}").text == before
    thread = client.post(
        "/concerns/track", data=client.page("/concerns/track").form("/concerns/track") | {"code": code}
    )
    assert f"It is the same as {other}." in page_of(thread).text()


@pytest.mark.parametrize("way", ["private", "withheld", "about an officer", "made up"])
def test_nobody_joins_what_they_may_not_see_and_what_is_about_an_officer_joins_nothing(
    app: Flask, client: Client, saved: Callable[[Callable[[], Any]], Any], way: str
) -> None:
    def make() -> str:
        made = concerns.concern(Mode.PRIVATE if way == "private" else Mode.PUBLIC)
        made.withheld = way == "withheld"
        return "CG-0000-0000" if way == "made up" else made.reference

    other = saved(make)
    officer = (
        {"category": {"category": "officer"}, "story": {"about": "complaint"}} if "officer" in way else {}
    )
    review = walk(client, mode={"mode": "private"}, **officer)
    again = press(client, review, go="review", same=other)
    assert "Goes along with" not in page_of(again).text()
    press(client, again, same=other)
    with app.app_context():
        kept = db.session.scalars(select(Concern)).all()
        assert [found.merged_into_id for found in kept] == [None, None]


def test_five_forms_in_a_quarter_of_an_hour_then_a_wait_that_loses_nothing(client: Client) -> None:
    review = walk(client)
    for _time in range(5):
        press(client, review, headers_made_up="x")
    answer = press(client, review, 429)
    assert int(answer.headers["Retry-After"]) > 60
    assert page_of(answer).form("/concerns/new")["story"] == "Every evening after nine."


def test_no_step_sets_a_cookie_but_the_visitors_token(client: Client) -> None:
    answer = client.get("/concerns/new")
    assert [cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")] == ["session-visitor"]
    assert press(client, walk(client)).headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("role", [Role.OFFICER, Role.REVIEWER, Role.SUPERVISOR])
def test_staff_write_down_what_came_otherwise_with_the_same_receipt(
    app: Flask, client: Client, saved: Callable[[Callable[[], Any]], Any], role: Role
) -> None:
    officer = saved(lambda: accounts.person(role).id)
    sign_in(client, officer)
    page = client.page("/desk/concerns/new")
    typed = {
        "source": "phone",
        "category": "noise",
        "title": "Loud",
        "story": "Music all night.",
        "phone": "555-0142",
    }
    answer = client.post("/desk/concerns/new", data=page.form("/desk/concerns/new") | typed)
    assert answer.status_code == 200, page_of(answer).text()[:900]
    with app.app_context():
        made = raised(app)
        assert (made.source, made.entered_by_id, made.mode) == (Source.PHONE, officer, Mode.PRIVATE)
        assert db.session.scalars(select(Identity)).one().phone == "555-0142"
        assert made.reference in page_of(answer).text()
    refused = client.post(
        "/desk/concerns/new", data=page.form("/desk/concerns/new") | {"story": "Kept words"}
    )
    assert refused.status_code == 422
    assert "Kept words" in refused.get_data(as_text=True)


def test_categories_that_are_retired_are_not_offered(
    app: Flask, client: Client, saved: Callable[[Callable[[], Any]], Any]
) -> None:
    def retire() -> None:
        db.session.scalars(select(Category).where(Category.slug == "noise")).one().retired = True

    try:
        saved(retire)
        press(client, walk(client, until="category"), 422, category="noise")
    finally:
        saved(
            lambda: setattr(
                db.session.scalars(select(Category).where(Category.slug == "noise")).one(), "retired", False
            )
        )
