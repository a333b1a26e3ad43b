"""Topics, comments on events, pictures and names: each reported, decided as its kind allows, and given back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from werkzeug.datastructures import FileStorage

from forum.accounts.models import Person, Role, Visitor
from forum.accounts.operations.credentials import change_name
from forum.core import search, uploads
from forum.core.errors import Refusal
from forum.core.languages import written_in
from forum.core.search.models import SearchEntry
from forum.core.transactions import unit_of_work
from forum.discussions.models import Post, Topic
from forum.discussions.operations import moderating_topics
from forum.discussions.operations.joining import merge_topics
from forum.discussions.operations.polls import start_poll
from forum.discussions.operations.states import set_state
from forum.discussions.operations.talking import ask_about
from forum.discussions.operations.written import Written
from forum.discussions.queries.pictures import pictures_of
from forum.events.jobs import keep_pictures_hidden
from forum.events.models import Event
from forum.events.operations.events import duplicate_event
from forum.extensions import db
from forum.moderation import registry
from forum.moderation.models import Case, Decision, Measure, Original, Verdict
from forum.moderation.operations.appealing import decide_appeal, raise_appeal
from forum.moderation.operations.deciding import decide
from forum.moderation.operations.erasing import forget_words_of
from forum.moderation.operations.reporting import report
from forum.moderation.registry import Shown, thing_of
from tests.factories import accounts, events
from tests.factories import discussions as make
from tests.factories.accounts import sign_in

Saved = Callable[[Callable[[], Any]], Any]


def decided(kind: str, thing_id: int, measure: Measure, **given: Any) -> Decision:
    made = report(actor=accounts.person(), kind=kind, thing_id=thing_id, rule_number=3, words="")
    case = db.session.get_one(Case, made.case_id)
    wanted = {"rule_number": 3, "words": "It names a neighbor.", **given}
    return decide(actor=accounts.person(Role.OFFICER), case=case, measure=measure, **wanted)


def overturn(decision: Decision, author: Person) -> None:
    appeal = raise_appeal(actor=author, decision=decision, words="It does not.")
    decide_appeal(
        actor=accounts.person(Role.REVIEWER), appeal=appeal, verdict=Verdict.OVERTURNED, text="You are right."
    )


@pytest.mark.parametrize("kind", ["event_picture", "poll", "post", "post_picture", "profile", "topic"])
def test_a_kind_takes_its_own_measures_and_no_others(work: Flask, kind: str) -> None:
    topic, event = make.topic(), events.event(picture=f"{'a' * 32}.jpg")
    first = db.session.scalars(make.posts_of(topic)).one()
    picture = db.session.scalars(pictures_of([make.pictured(topic).id])).one()
    poll = start_poll(actor=accounts.person(Role.OFFICER), topic=topic, question="Why?", options=["A", "B"])
    ids = {
        "event_picture": event.id, "poll": poll.id, "post": first.id, "post_picture": picture.id,
        "profile": first.author_id, "topic": topic.id,
    }  # fmt: skip
    moderated = registry.kinds[kind]
    assert Measure.KEEP in moderated.measures
    for measure in set(Measure) - set(moderated.measures):
        with pytest.raises(Refusal):
            decided(kind, ids[kind] or 0, measure, replacement="x", pause_days=3)
        db.session.execute(sa.delete(Case))


def test_a_hidden_topic_is_its_authors_alone_and_comes_back_with_everything(work: Flask) -> None:
    author = accounts.person()
    topic = make.topic(author=author)
    posts = [make.post(topic) for _ in range(2)]
    search.let_in(within=nullcontext)
    found = sa.select(sa.func.count()).select_from(SearchEntry).where(SearchEntry.kind == "post")
    assert db.session.scalar(found) == 3
    decision = decided("topic", topic.id, Measure.HIDE)
    assert [moderating_topics.sees(who, topic.id) for who in (Visitor(), accounts.person(), author)] == [
        False, False, True,
    ]  # fmt: skip
    assert db.session.scalar(found) == 0
    with pytest.raises(Refusal):
        make.post(topic, author=author)
    with pytest.raises(Refusal):
        merge_topics(actor=accounts.person(Role.OFFICER), source=topic, target=make.topic())
    first = db.session.scalars(make.posts_of(topic)).first()
    assert first is not None
    set_state(topic, first, first.state)  # whatever becomes of its first post, the decision stands
    assert topic.published_at is None
    overturn(decision, author)
    assert moderating_topics.sees(Visitor(), topic.id)
    assert topic.posts_count == 1 + len(posts)


def test_the_title_tags_and_poll_of_a_topic_are_taken_out_and_put_back(work: Flask) -> None:
    author = accounts.person()
    topic = make.topic(author=author, title="Pat Doe is loud")
    moderating_topics.replace_text(topic.id, "Pat Doe is loud\nTags: z1, z2, z3, z4, z5, z6")
    assert len(topic.tags) == 5
    moderating_topics.replace_text(topic.id, "Pat Doe is loud\nTags: noise, Pat")
    poll = start_poll(actor=author, topic=topic, question="Is Pat loud?", options=["Yes", "Pat: is", "No"])
    before = thing_of("topic", topic.id)
    assert before is not None
    assert before.text == (
        "Pat Doe is loud\nTags: noise, pat\nQuestion: Is Pat loud?\nAnswer: Yes\nAnswer: Pat: is\nAnswer: No"
    )
    decision = decided(
        "topic", topic.id, Measure.REDACT,
        replacement="Somebody is loud\nEtiquetas: noise\nQuestion: Is somebody loud?\nAnswer: Yes\nAnswer:\nAnswer: No",
    )  # fmt: skip
    assert (topic.title, [tag.word for tag in topic.tags]) == ("Somebody is loud", ["noise"])
    assert [option.words for option in poll.options] == ["Yes", "(removed)", "No"]
    overturn(decision, author)
    after = thing_of("topic", topic.id)
    assert after is not None
    assert after.text == before.text


def test_a_topic_and_a_poll_are_read_in_plain_words_of_the_readers_language(work: Flask) -> None:
    author = accounts.person()
    topic = make.topic(author=author, title="Bikes")
    moderating_topics.replace_text(topic.id, "Bikes\nTags: bikes, lanes")
    poll = start_poll(actor=author, topic=topic, question="Where: here?", options=["Yes", "No"])
    with written_in("es"):
        found = [thing_of("topic", topic.id), thing_of("poll", poll.id)]
    asked = "Pregunta: Where: here?\nRespuesta: Yes\nRespuesta: No"
    assert [thing.quoted() for thing in found if thing] == [f"Bikes\nEtiquetas: bikes, lanes\n{asked}", asked]
    assert [
        thing.text for thing in found if thing
    ] == [  # whoever reads: what a filter found has its place in it
        "Bikes\nTags: bikes, lanes\nQuestion: Where: here?\nAnswer: Yes\nAnswer: No",
        "Question: Where: here?\nAnswer: Yes\nAnswer: No",
    ]


def test_what_an_older_version_sealed_of_a_topic_is_put_back(work: Flask) -> None:
    author = accounts.person()
    topic = make.topic(author=author)
    poll = start_poll(actor=author, topic=topic, question="?", options=["A", "B"])
    moderating_topics.replace_text(topic.id, "Bikes\n# bikes\n# lanes\n? Where?\n- Here\n- There")
    assert [topic.title, *(tag.word for tag in topic.tags)] == ["Bikes", "bikes", "lanes"]
    assert [poll.question, *(option.words for option in poll.options)] == ["Where?", "Here", "There"]


def test_a_hidden_name_gives_way_to_a_stand_in_until_its_owner_chooses_another(work: Flask) -> None:
    author = accounts.person(name="Officer Is A Liar")
    post = make.post(make.topic(), author=author)
    decision = decided("profile", author.id, Measure.HIDE)
    assert author.name == f"Neighbor {author.id}"
    assert db.session.scalars(sa.select(Original.text)).one() == "Officer Is A Liar"
    overturn(decision, author)
    assert author.name == "Officer Is A Liar"
    decided("profile", author.id, Measure.PAUSE, pause_days=3)
    change_name(author, "Ann")
    thing = thing_of("profile", author.id)
    assert thing is not None
    assert (author.name, thing.shown) == ("Ann", Shown.SHOWN)
    assert post.author is author


def test_a_name_that_is_sealed_goes_with_the_account(work: Flask) -> None:
    author = accounts.person(name="Pat Doe of 14 Elm")
    make.post(make.topic(), author=author)
    decided("profile", author.id, Measure.HIDE)
    forget_words_of(author.id)
    assert db.session.scalars(sa.select(Original)).all() == []


def test_nobody_finds_names_by_counting(work: Flask) -> None:
    silent, writer, resident = accounts.person(), accounts.person(), make.verified()
    topic = make.topic(author=writer)
    make.post(topic, author=resident, as_resident=True)
    officer, gone = accounts.person(Role.OFFICER), accounts.person(Role.OFFICER, confirmed_at=None)
    reader, sees = accounts.person(), registry.kinds["profile"].sees
    assert [sees(reader, who.id) for who in (writer, officer, silent, resident, gone)] == [
        True, True, False, False, False,
    ]  # fmt: skip


def stored() -> str:
    file = BytesIO()
    Image.new("RGB", (9, 9), "white").save(file, "PNG")
    file.seek(0)
    return uploads.read_picture(FileStorage(file, "a.png")).store()


def done(app: Flask, make: Callable[[], Any]) -> Any:
    """*make* in a unit of work that ends as one of a request does: files move once it is durable."""
    with app.app_context(), unit_of_work():
        return make()


def fetched(client: Any, name: str) -> int:
    with client.get(f"/media/{name}") as answer:
        return int(answer.status_code)


def test_a_picture_that_a_kill_left_where_it_was_is_put_where_the_decision_says(
    app: Flask, saved: Saved, client: Any
) -> None:
    with app.app_context():
        name = stored()
    event_id = saved(lambda: events.event(picture=name, picture_alt="A park", neighborhood_ids=())).id

    def decide_and_be_killed(rule: int | None) -> None:
        db.session.get_one(Event, event_id).picture_rule = rule

    for rule, answers in ((3, 404), (None, 200)):
        done(app, lambda rule=rule: decide_and_be_killed(rule))
        with app.app_context():
            keep_pictures_hidden()
        assert fetched(client, name) == answers


def test_a_hidden_picture_is_at_no_address_and_comes_back(app: Flask, saved: Saved, client: Any) -> None:
    with app.app_context():
        name = stored()
    author = saved(lambda: accounts.person(Role.OFFICER)).id

    def make_event() -> tuple[int, str]:
        event = events.event(picture=name, picture_alt="Pat Doe at home", neighborhood_ids=())
        event.created_by_id = author
        return event.id, f"/events/{event.id}-{event.slug}"

    event_id, path = saved(make_event)
    reader = sign_in(app.test_client(), saved(accounts.person).id)
    assert f"/report/event_picture/{event_id}" in reader.page(path).links()  # type: ignore[attr-defined]
    assert fetched(client, name) == 200
    decision = done(app, lambda: decided("event_picture", event_id, Measure.HIDE).id)
    assert fetched(client, name) == 404
    assert name not in client.page(path).html
    officer = sign_in(app.test_client(), author)
    with app.app_context():
        case_id = db.session.get_one(Decision, decision).case_id
        assert registry.picture_of("event_picture", event_id) == uploads.sealed_folder() / name
    with officer.get(f"/desk/moderation/{case_id}/picture") as answer:
        assert answer.status_code == 200
    assert client.get(f"/desk/moderation/{case_id}/picture").status_code != 200
    copy = saved(
        lambda: duplicate_event(
            actor=db.session.get_one(Person, author), event=db.session.get_one(Event, event_id)
        )
    )
    assert copy.picture_rule == 3
    done(app, lambda: overturn(db.session.get_one(Decision, decision), db.session.get_one(Person, author)))
    assert fetched(client, name) == 200
    assert name in client.page(path).html
    with app.app_context():
        assert list(Path(uploads.sealed_folder()).glob("*.jpg")) == []


def test_a_comment_on_an_event_is_reported_from_the_events_page_and_the_desk_names_the_event(
    app: Flask, saved: Saved
) -> None:
    def prepare() -> dict[str, Any]:
        event, board = events.event(title="Park cleanup", neighborhood_ids=()), make.forum(slug="events")
        said = ask_about(
            actor=accounts.person(), forum=board, kind="event", about_id=event.id, title=event.title,
            written=Written(text="Pat never helps."),
        )  # fmt: skip
        return {
            "post": said.id, "path": f"/events/{event.id}-{event.slug}", "reader": accounts.person().id,
            "officer": accounts.person(Role.OFFICER).id, "topic": said.topic_id,
        }  # fmt: skip

    made = saved(prepare)
    reader: Any = sign_in(app.test_client(), made["reader"])
    assert f"/report/post/{made['post']}" in reader.page(made["path"]).links()
    sent = reader.send(f"/report/post/{made['post']}", {"rule": "3", "words": ""})
    assert sent.status_code == 303
    officer: Any = sign_in(app.test_client(), made["officer"])
    assert "comment on an event" in officer.page("/desk/moderation?whose=all").text()
    with app.app_context():
        case_id = db.session.scalars(sa.select(Case.id)).one()
    page = officer.page(f"/desk/moderation/{case_id}")
    assert made["path"] in page.links()
    assert "Park cleanup" in page.text()


def test_a_topic_and_a_name_are_reported_where_they_are_shown(app: Flask, saved: Saved) -> None:
    def prepare() -> dict[str, Any]:
        author = accounts.person(name="Ada Green")
        topic = make.topic(author=author)
        veiled = make.post(topic, author=make.verified(), as_resident=True)
        first = db.session.scalars(sa.select(Post).where(Post.number == 1)).one()
        return {
            "topic": topic.id, "path": f"/topics/{topic.id}-{topic.slug}", "author": author.id, "post": first.id,
            "reader": accounts.person().id, "officer": accounts.person(Role.OFFICER).id, "veiled": veiled.id,
        }  # fmt: skip

    made = saved(prepare)
    reader: Any = sign_in(app.test_client(), made["reader"])
    own: Any = sign_in(app.test_client(), made["author"])
    link = f"/report/topic/{made['topic']}"
    assert link in reader.page(made["path"]).links()
    assert link not in own.page(made["path"]).links()
    assert reader.send(link, {"rule": "3", "words": ""}).status_code == 303
    name = f"/report/profile/{made['author']}"
    assert name in reader.page(f"/report/post/{made['post']}").links()
    assert not [
        each for each in reader.page(f"/report/post/{made['veiled']}").links() if "/report/profile" in each
    ]
    assert reader.send(name, {"rule": "3", "words": ""}).status_code == 303
    assert f"/report/profile/{made['officer']}" in reader.page(f"/people/{made['officer']}").links()
    officer: Any = sign_in(app.test_client(), made["officer"])
    queue = officer.page("/desk/moderation?whose=all")
    cases = [link for link in queue.links() if link.startswith("/desk/moderation/") and link[-1].isdigit()]
    for case in cases:
        assert "Remove personal data" not in officer.page(case).text()
    assert len(cases) == 2
    with app.app_context():
        assert db.session.get_one(Topic, made["topic"]).hidden_rule is None
