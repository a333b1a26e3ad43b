"""Pictures under posts: who may fetch one, what is taken and kept, and what goes with its post."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person, Role
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.transactions import unit_of_work
from forum.core.uploads import small
from forum.discussions.models import Audience, Post, PostPicture, Topic
from forum.discussions.operations import moderating, moderating_pictures
from forum.discussions.operations.attaching import forget_old_waiting, forget_waiting_of
from forum.discussions.operations.sweeping import sweep_pictures
from forum.discussions.operations.writing import delete_post
from forum.discussions.pictures import folder
from forum.discussions.queries.pictures import pictures_of
from forum.extensions import db
from tests.core.test_uploads import MARK, bomb, marked_jpeg
from tests.factories import accounts
from tests.factories import discussions as make
from tests.pages import Client, Page

Saved = Callable[[Callable[[], Any]], Any]
READERS = ("visitor", "resident", "author", "verified", "officer", "administrator")
# Who gets the picture of a post in each state: everybody who may read its words, and nobody else.
READABLE = {
    "everyone": READERS,
    "residents": READERS[1:],
    "verified": ("author", "verified", "officer", "administrator"),  # staff have seen where the author lives
    "staff": ("officer", "administrator"),
    "held": ("author", "officer"),
    "hidden": ("author", "officer"),
    "hidden alone": ("author", "officer"),
    "given back": ("author", "officer"),
    "veiled": ("author", "officer"),  # and held
    "scheduled": ("officer", "administrator"),
    "waiting": ("author",),
    "taken back": (),
    "never": (),
}


def every_state() -> dict[str, Any]:
    """A picture in each state, and people who ask for it."""
    author, officer = make.verified(), accounts.person(Role.OFFICER)
    people = {
        "resident": accounts.person(), "author": author, "officer": officer, "verified": make.verified(),
        "administrator": accounts.person(Role.ADMINISTRATOR),
    }  # fmt: skip
    topic = make.topic()
    posts = {
        "everyone": make.pictured(topic),
        "residents": make.pictured(make.topic(make.forum(readers=Audience.RESIDENTS))),
        "verified": make.pictured(in_forum(Audience.VERIFIED, officer), author=officer),
        "staff": make.pictured(in_forum(Audience.STAFF, officer), author=officer),
        "held": make.pictured(topic, author=author, hold=True),
        "hidden": make.pictured(topic, author=author),
        "hidden alone": make.pictured(topic, author=author),
        "given back": make.pictured(topic, author=author),
        "veiled": make.pictured(topic, author=author, as_resident=True, hold=True),
        "scheduled": make.pictured(make.topic()),
        "taken back": make.pictured(topic, author=author),
    }
    paths = {state: make.picture_of(post) for state, post in posts.items()}
    moderating.hide(posts["hidden"].id, 1)
    moderating_pictures.hide(db.session.scalars(pictures_of([posts["hidden alone"].id])).one().id, 1)
    moderating.give_back(posts["given back"].id)
    posts["scheduled"].topic.opens_at = clock.now() + timedelta(days=1)
    delete_post(actor=author, post=posts["taken back"])
    paths["waiting"] = f"/posts/pictures/{make.waiting(author, 'forum 1')}"
    paths["never"] = f"/posts/pictures/{'0' * 32}.jpg"
    return {"people": {name: person.id for name, person in people.items()}, "paths": paths}


def fetch(client: Any, path: str, **more: Any) -> Any:
    """The answer, its file closed."""
    with client.get(path, **more) as answer:
        return answer


def in_forum(readers: Audience, officer: Person) -> Topic:
    return make.topic(make.forum(readers=readers), author=officer)


def test_a_picture_is_there_for_who_may_read_its_post_and_for_nobody_else(app: Flask, saved: Saved) -> None:
    made = saved(every_state)
    seen: dict[str, list[str]] = {state: [] for state in READABLE}
    for name in READERS:
        client = app.test_client()
        if name != "visitor":
            accounts.sign_in(client, made["people"][name])
        for state, path in made["paths"].items():
            answers = [fetch(client, each) for each in (path, small(path))]
            assert {answer.status_code for answer in answers} in ({200}, {404}), (name, state)
            if answers[0].status_code == 200:
                seen[state].append(name)
                kept = "no-cache" if state in ("everyone",) else "no-store"
                assert {answer.headers["Cache-Control"] for answer in answers} == {f"private, {kept}"}
                assert answers[0].headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert {state: tuple(names) for state, names in seen.items()} == READABLE


def test_a_browser_that_kept_a_picture_is_told_when_it_is_hidden(app: Flask, saved: Saved) -> None:
    made = saved(lambda: shown_as(make.pictured(make.topic())))
    client = app.test_client()
    tag = {"If-None-Match": fetch(client, made["path"]).headers["ETag"]}
    assert fetch(client, made["path"], headers=tag).status_code == 304
    saved(lambda: moderating.hide(made["id"], 1))
    assert fetch(client, made["path"], headers=tag).status_code == 404


def shown_as(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "path": make.picture_of(post),
        "topic": f"/topics/{post.topic_id}-{post.topic.slug}",
    }


@pytest.fixture
def place(app: Flask, saved: Saved) -> dict[str, Any]:
    """A topic, and somebody who replies in it."""

    def prepare() -> dict[str, Any]:
        topic = make.topic()
        ids = {"person": accounts.person().id, "id": topic.id, "forum": topic.forum.slug}
        return {**ids, "topic": f"/topics/{topic.id}-{topic.slug}", "reply": f"/topics/{topic.id}/reply"}

    found: dict[str, Any] = saved(prepare)
    found["client"] = accounts.sign_in(app.test_client(), found["person"])
    return found


def page_of(answer: Any) -> Page:
    return Page(answer.get_data(as_text=True))


def alt_fields(page: Page) -> list[str]:
    return [field.get("name") for field in page.all("input") if (field.get("name") or "").startswith("alt-")]


def names_in(page: Page) -> list[str]:
    return [field.get("value") for field in page.all("input") if field.get("name") == "picture"]


def test_a_picture_without_words_is_asked_for_them_and_nothing_is_lost(
    app: Flask, place: dict[str, Any]
) -> None:
    client: Client = place["client"]
    sent = {"text": "This lamp is out.", "pictures": (BytesIO(marked_jpeg()), f"{MARK.decode()}.jpg")}
    answer = client.send(place["reply"], sent)
    page = page_of(answer)
    (field,), (name,) = alt_fields(page), names_in(page)
    assert answer.status_code == 422
    assert "Say in a sentence what picture 1 shows." in page.text()
    assert f"#{field}" in page.links()
    assert page.form()["text"] == "This lamp is out."
    with app.app_context():
        assert all(
            MARK not in path.read_bytes() and MARK.decode() not in path.name for path in folder().iterdir()
        )
    fields = page.form() | {field: "A lamp <b>without</b> light"}
    assert client.post(place["reply"], data=fields).status_code == 303
    seen = client.page(place["topic"])
    image = next(image for image in seen.all("img") if name[:32] in image.get("src"))
    told = {key: image.get(key) for key in ("alt", "width", "height", "loading")}
    assert told == {"alt": "A lamp <b>without</b> light", "width": "40", "height": "80", "loading": "lazy"}
    assert names_in(client.page(place["reply"])) == []  # sent is sent


def test_pictures_outlive_a_preview_a_refusal_and_the_page(place: dict[str, Any]) -> None:
    client: Client = place["client"]
    added = client.send(place["reply"], {"text": "", "then": "pictures", "pictures": (make.jpeg(), "a.jpg")})
    page = page_of(added)
    assert (added.status_code, "Write something first." in page.text()) == (200, False)
    (field,) = alt_fields(page)
    refused = client.post(place["reply"], data=page.form() | {"text": "", field: "A lamp"})
    assert (refused.status_code, page_of(refused).form()[field]) == (422, "A lamp")
    looked = client.post(
        place["reply"], data=page.form() | {"text": "Dark.", field: "A lamp", "then": "preview"}
    )
    assert (
        'alt="A lamp"' in looked.get_data(as_text=True).partition("How it will look")[2].partition("<form")[0]
    )
    client.post(place["reply"], data=page.form() | {"text": "Dark.", field: "A lamp", "then": "draft"})
    again = client.page(place["reply"]).form()
    assert (again["text"], again[field]) == ("Dark.", "A lamp")
    out = client.post(place["reply"], data=again | {f"drop-{field[4:]}": "y", "then": "pictures"})
    assert names_in(page_of(out)) == []


@pytest.mark.parametrize(
    ("data", "said"),
    (
        (b"PK\x03\x04" + b"\0" * 400, "not a picture we can read"),
        (bomb(50_000, 50_000), "more than 40 million pixels"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "not a picture we can read"),
        (b"\xff\xd8\xff" + b"\0" * (8 * 1024 * 1024 + 9), "larger than 8 MB"),
    ),
    ids=("zip", "bomb", "svg", "large"),
)
def test_what_is_no_picture_is_said_beside_its_field_with_the_text_kept(
    app: Flask, place: dict[str, Any], data: bytes, said: str
) -> None:
    with app.app_context():
        before = files()
    answer = place["client"].send(place["reply"], {"text": "Look.", "pictures": (BytesIO(data), "lamp.jpg")})
    page = page_of(answer)
    assert (answer.status_code, page.form()["text"]) == (422, "Look.")
    assert said in page.text()
    assert "#pictures" in page.links()
    with app.app_context():
        assert files() == before


def files() -> set[str]:
    return {path.name for path in folder().iterdir()} if folder().is_dir() else set()


def test_a_post_holds_four_pictures_and_a_fifth_is_not_lost_silently(place: dict[str, Any]) -> None:
    five = [(make.jpeg((8, 8)), f"{number}.jpg") for number in range(5)]
    page = page_of(place["client"].send(place["reply"], {"text": "Look.", "pictures": five}))
    assert "Send at most 4 pictures. The first ones are below." in page.text()
    fields: dict[str, Any] = {**page.form(), "picture": names_in(page)}
    fields |= dict.fromkeys(alt_fields(page), "Sky")
    assert place["client"].post(place["reply"], data=fields).status_code == 303
    assert place["client"].page(place["topic"]).html.count('alt="Sky"') == 4


def test_nobody_posts_or_keeps_a_picture_of_somebody_else(
    app: Flask, saved: Saved, place: dict[str, Any]
) -> None:
    name = saved(lambda: make.waiting(accounts.person(), f"topic {place['id']}"))
    taken = {"picture": name, f"alt-{name[:12]}": "Mine", f"drop-{name[:12]}": "y", "text": "Look."}
    assert place["client"].send(place["reply"], taken).status_code == 303
    with app.app_context():
        row = db.session.query(PostPicture).filter_by(name=name).one()
        assert (row.post_id, row.alt) == (None, "")
        assert (folder() / name).is_file()


def test_an_edit_adds_and_removes_pictures_and_staff_who_do_are_seen_to(
    app: Flask, saved: Saved, place: dict[str, Any]
) -> None:
    made = saved(lambda: shown_as(make.pictured(db.session.get_one(Topic, place["id"]))))
    officer: Any = accounts.sign_in(app.test_client(), saved(lambda: accounts.person(Role.OFFICER).id))
    edit = f"/posts/{made['id']}/edit"
    officer.send(
        edit, {"text": "Words alone.", "picture": None}
    )  # a form that knows of no picture removes none
    page = page_of(officer.send(edit, {"then": "pictures", "pictures": (make.jpeg(), "b.jpg")}))
    first, second = alt_fields(page)
    fields = page.form() | {"picture": names_in(page), f"drop-{first[4:]}": "y", second: "The new lamp"}
    assert fetch(officer, made["path"]).status_code == 200  # not yet
    assert officer.post(edit, data=fields).status_code == 303
    assert officer.get(made["path"]).status_code == 404
    assert 'alt="The new lamp"' in officer.page(made["topic"]).html
    told = page_of(app.test_client().get(f"/posts/{made['id']}/history")).text()
    assert "1 picture added. 1 picture removed." in told
    with app.app_context():
        assert made["path"].rpartition("/")[2] not in files()


def test_what_a_picture_shows_goes_through_the_filters_and_moderators_see_it(
    app: Flask, saved: Saved, place: dict[str, Any]
) -> None:
    made = saved(lambda: shown_as(make.pictured(db.session.get_one(Topic, place["id"]), alt=make.HELD)))
    assert app.test_client().get(made["path"]).status_code == 404
    officer: Any = accounts.sign_in(app.test_client(), saved(lambda: accounts.person(Role.OFFICER).id))
    queue = officer.page("/desk/moderation?whose=all")
    case = next(link for link in queue.links() if re.fullmatch(r"/desk/moderation/\d+", link))
    shown = officer.page(case)
    assert small(made["path"]) in shown.html
    assert make.HELD in shown.text()


def test_pictures_go_with_what_they_were_sent_for(app: Flask, saved: Saved) -> None:
    """Taken back, given up for two months, or left by an account that is erased: row and file."""

    def prepare() -> dict[str, Any]:
        author = accounts.person()
        post = make.pictured(make.topic(), author=author)
        name = db.session.scalars(pictures_of([post.id])).one().name
        waits = [make.waiting(author, "forum 1"), make.waiting(accounts.person(), "forum 1")]
        return {"author": author.id, "post": post.id, "names": [name, *waits]}

    made = saved(prepare)
    first, second, third = made["names"]
    with app.app_context():
        assert {first, second, third, small(first)} <= files()
    with app.app_context():
        with unit_of_work():
            forget_waiting_of(made["author"])
        with unit_of_work():
            author, post = db.session.get_one(Person, made["author"]), db.session.get_one(Post, made["post"])
            delete_post(actor=author, post=post)
        with time_machine.travel(clock.now() + timedelta(days=61)), unit_of_work():
            forget_old_waiting()
        assert files() & {first, second, third, small(first), small(third)} == set()
        assert db.session.query(PostPicture).filter(PostPicture.name.in_(made["names"])).count() == 0


def test_files_that_nothing_names_are_swept_after_a_day(context: Flask, saved: Saved) -> None:
    kept = saved(lambda: make.waiting(accounts.person(), "forum 1"))
    stray, young = f"{'a' * 32}.jpg", f"{'b' * 32}.jpg"
    for name in (stray, small(stray), young):
        (folder() / name).write_bytes(b"x")
    old = (clock.now() - timedelta(days=2)).timestamp()
    for path in folder().iterdir():
        if path.name != young:
            os.utime(path, (old, old))
    sweep_pictures()
    assert files() & {stray, small(stray), young, kept} == {young, kept}
    Path(folder() / young).unlink()


def test_a_page_without_pictures_asks_for_none(app: Flask, saved: Saved, count_queries: Any) -> None:
    def prepare() -> list[str]:
        topics = (make.post(make.topic()).topic, make.pictured(make.topic()).topic)
        return [f"/topics/{topic.id}-{topic.slug}" for topic in topics]

    made = saved(prepare)
    officer: Any = accounts.sign_in(app.test_client(), saved(lambda: accounts.person(Role.OFFICER).id))
    for path, asked in zip(made, (0, 1), strict=True):
        with count_queries() as statements:
            officer.page(path)
        assert sum("FROM post_picture" in statement for statement in statements) == asked


def test_who_was_signed_out_meanwhile_loses_neither_words_nor_pictures(
    app: Flask, place: dict[str, Any]
) -> None:
    client: Client = place["client"]
    page = page_of(client.send(place["reply"], {"then": "pictures", "pictures": (make.jpeg(), "a.jpg")}))
    (field,) = alt_fields(page)
    sent: dict[str, Any] = page.form() | {"text": "Dark.", field: "A lamp"}
    kept = app.test_client().post(place["reply"], data=sent | {"pictures": (make.jpeg(), "b.jpg")})
    assert kept.status_code == 400
    assert "chosen again" in page_of(kept).text()
    back = page_of(kept).form() | {"csrf_token": sent["csrf_token"]}  # signed in again, beside that page
    assert client.post(place["reply"], data=back).status_code == 303
    assert 'alt="A lamp"' in client.page(place["topic"]).html


def test_a_picture_that_an_edit_has_just_taken_out_is_hidden_from_nobody_and_said_to_be_gone(
    work: Flask,
) -> None:
    gone = 404
    with pytest.raises(Refusal, match="is gone"):
        moderating_pictures.hide(gone, 1)
    moderating_pictures.show(gone)
