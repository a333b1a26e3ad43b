"""A picture under a post: reported, hidden and given back on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from forum.accounts.models import Person, Role
from forum.core.transactions import unit_of_work
from forum.discussions.models import Post, PostPicture
from forum.discussions.operations.attaching import NOTHING
from forum.discussions.operations.writing import delete_post, edit_post
from forum.discussions.pictures import folder
from forum.discussions.queries.pictures import pictures_of
from forum.extensions import db
from forum.moderation import registry
from forum.moderation.models import Case, Decision, Measure, Original, Verdict
from forum.moderation.operations.appealing import decide_appeal, raise_appeal
from forum.moderation.operations.deciding import decide
from forum.moderation.operations.reporting import report
from tests.factories import accounts
from tests.factories import discussions as make
from tests.factories.accounts import sign_in

Saved = Callable[[Callable[[], Any]], Any]
ALT = "Pat Doe at the door"


def hidden(post: Post, officer: Person) -> Decision:
    """What hid the post's only picture."""
    row = db.session.scalars(pictures_of([post.id])).one()
    made = report(actor=accounts.person(), kind="post_picture", thing_id=row.id, rule_number=3, words="")
    case = db.session.get_one(Case, made.case_id)
    return decide(actor=officer, case=case, measure=Measure.HIDE, rule_number=3, words="It shows a neighbor.")


def overturn(decision: Decision, author: Person) -> None:
    appeal = raise_appeal(actor=author, decision=decision, words="It is my own door.")
    reviewer = accounts.person(Role.REVIEWER)
    decide_appeal(actor=reviewer, appeal=appeal, verdict=Verdict.OVERTURNED, text="You are right.")


def test_a_picture_is_reported_and_hidden_alone_and_comes_back(app: Flask, saved: Saved, client: Any) -> None:
    def prepare() -> dict[str, Any]:
        author = make.verified()
        post = make.pictured(make.topic(), author=author, alt=ALT, as_resident=True)
        row = db.session.scalars(pictures_of([post.id])).one()
        return {
            "author": author.id, "post": post.id, "id": row.id, "picture": make.picture_of(post),
            "topic": f"/topics/{post.topic_id}-{post.topic.slug}", "reader": accounts.person().id,
            "officer": accounts.person(Role.OFFICER).id, "print": f"/topics/{post.topic_id}/print",
        }  # fmt: skip

    made = saved(prepare)
    name, link = made["picture"].rpartition("/")[2][:32], f"/report/post_picture/{made['id']}"
    reader: Any = sign_in(app.test_client(), made["reader"])
    author: Any = sign_in(app.test_client(), made["author"])
    officer: Any = sign_in(app.test_client(), made["officer"])
    assert link in reader.page(made["topic"]).links()
    assert link not in author.page(made["topic"]).links()
    assert name in reader.page(link).html
    assert reader.send(link, {"rule": "3", "words": ""}).status_code == 303
    assert ALT in client.page(made["topic"]).html  # a report hides nothing
    with app.app_context():
        case_id = db.session.query(Case).one().id
    desk = officer.page(f"/desk/moderation/{case_id}")
    assert f"/posts/{made['post']}" in desk.links()
    assert f"/desk/moderation/{case_id}/picture" in desk.html
    words = {"measure": "hide", "rule": "3", "words": "It shows a neighbor."}
    decided = officer.send(f"/desk/moderation/{case_id}", words, form="/decide")
    assert decided.status_code == 303
    for page in (client.page(made["topic"]), reader.page(made["topic"]), client.page(made["print"])):
        assert "A picture was hidden under rule 3." in page.text()
        assert "I hear them too." in page.text()
        assert ALT not in page.html
        assert name not in page.html
    assert reader.get(link).status_code == 404
    with officer.get(f"/desk/moderation/{case_id}/picture") as answer:
        assert answer.status_code == 200
    why = f"/posts/{made['post']}/why?picture={made['id']}"
    assert why in author.page(made["topic"]).links()
    own = author.page(author.get(why).headers["Location"])
    assert "We hid a picture of your post. The post itself stays." in own.text()
    assert name in own.html
    assert reader.get(why).status_code == 404
    with app.app_context():
        decision = db.session.query(Decision).one()
        assert db.session.query(Original).one().text == ALT
        with unit_of_work():
            overturn(decision, db.session.get_one(Person, made["author"]))
    assert ALT in client.page(made["topic"]).html


def test_neither_an_edit_nor_taking_back_removes_a_hidden_picture(work: Flask) -> None:
    author, officer = accounts.person(), accounts.person(Role.OFFICER)
    post = make.pictured(make.topic(), author=author)
    name = db.session.scalars(pictures_of([post.id])).one().name
    decision = hidden(post, officer)
    edit_post(actor=author, post=post, text="Words alone.", pictures=NOTHING)
    delete_post(actor=author, post=post)
    row = db.session.scalars(pictures_of([post.id])).one()
    assert (row.name, post.pictures_count) == (name, 1)
    assert registry.picture_of("post_picture", row.id) == folder() / name
    overturn(decision, author)  # back where nothing is any more, it goes as the words went
    assert db.session.query(PostPicture).count() == 0
