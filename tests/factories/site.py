"""One of everything that an address can name, for tests that walk all addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from forum.accounts import links
from forum.accounts.models import LinkPurpose, Person, Role, Session
from forum.accounts.operations.sessions import start_session
from forum.concerns.models import About, Closing, Concern, ConcernFollow, FollowRequest, Item, Mode, Statement
from forum.concerns.operations.afterwards import afterwards_token
from forum.concerns.operations.following import ask_to_follow, follow_token
from forum.concerns.operations.following import request_token as follow_request_token
from forum.concerns.operations.saving import save_template, save_view
from forum.concerns.operations.transferring import ask_transfer
from forum.concerns.operations.working import close_concern
from forum.core import clock
from forum.core.tokens import sealed
from forum.discussions.models import Interest, Post, ReactionKind
from forum.discussions.operations import taking_part
from forum.discussions.operations.polls import start_poll, vote
from forum.discussions.queries.taking_part import reader_of
from forum.events import guest_links, stop_links
from forum.events.importing.held import Held, keep, new_token
from forum.events.models import Answer, CalendarToken, Occurrence, Topic
from forum.events.operations.calendars import create_calendar_token
from forum.events.operations.door import ticket_for
from forum.events.operations.guests import ask_guest, request_token
from forum.events.operations.rsvp import add_phone_in, answer
from forum.events.operations.shifts import add_helper, take_shift
from forum.extensions import db
from forum.moderation.operations.appealing import raise_appeal
from forum.moderation.operations.rules import propose_withdrawal
from forum.moderation.queries.cases import original_of
from tests.factories import accounts, after, concerns, discussions, events, moderation, neighborhoods

# Whose rights an address is tried with; the resident is who owns what belongs to one person.
ROLES = ("visitor", "other resident", *(str(role) for role in Role if role != Role.RESIDENT), "resident")


# Addresses that exist of some concerns alone.
SPECIAL_CONCERN = {
    "concerns_desk.screening": "complaint",
    "concerns_desk.screen": "complaint",
    "concerns_desk.statement": "unread",
    "concerns_desk.state": "unread",
    "concerns_desk.identity": "confidential",
    "concerns_desk.read_identity": "confidential",
}


@dataclass
class Everything:
    """Plain values that outlive the session: ids of people by role, and what addresses are filled with."""

    people: dict[str, int] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)  # by endpoint
    browsers: dict[str, tuple[Any, str]] = field(default_factory=dict)  # by role: client, CSRF token

    def address(self, rule: Rule, app: Flask) -> str:
        """The path of *rule* with real ids, slugs and tokens."""
        values = {name: self.values[name] for name in rule.arguments if name != "token"}
        if rule.endpoint in ("moderation.report", "moderation.report_post"):
            values["kind"] = self.values["moderated"]
        if rule.endpoint == "events_feeds.of_kind":
            values["slug"] = "beat-meeting"
        elif rule.endpoint.startswith("discussions") and "slug" in rule.arguments:
            values["slug"] = self.values["topic_slug" if "topic_id" in rule.arguments else "forum_slug"]
        elif rule.endpoint.startswith(("events.", "events_feeds.one")) and "slug" in rule.arguments:
            values["slug"] = self.values["event_slug"]
        if rule.endpoint == "discussions.person":
            values["person_id"] = self.people["officer"]
        if rule.endpoint in ("discussions.author", "discussions.lift"):
            values["post_id"] = self.values["veiled_post_id"]
        elif rule.endpoint in ("discussions.mark", "discussions.unmark"):
            values["post_id"] = self.values["staff_post_id"]
        if rule.endpoint in SPECIAL_CONCERN:
            values["reference"] = self.values[SPECIAL_CONCERN[rule.endpoint]]
        if "token" in rule.arguments:
            values["token"] = self.tokens[rule.endpoint]
        built = rule.build(values, append_unknown=False)
        assert built is not None
        return str(built[1])


def everything() -> Everything:
    """Make it; call inside a unit of work (the fixture ``saved``)."""
    site = Everything()
    for role in ROLES[1:]:
        person = accounts.person(Role.RESIDENT if "resident" in role else Role(role), name=role.capitalize())
        site.people[role] = person.id
    owner = db.session.get_one(Person, site.people["resident"])
    area = neighborhoods.neighborhood("Logan Square")
    start = events.evening()
    event = events.event(
        starts_local=start, rrule="FREQ=WEEKLY;COUNT=4", neighborhood_ids=(area.id,), capacity=30,
        story="Come and **talk** about the park.", contact_email="beat1433@example.org",
    )  # fmt: skip
    rsvp = answer(actor=owner, occurrence=event.occurrences[0], answer=Answer.GOING, party_size=2)
    target = accounts.person(name="Somebody else")
    site.values = {
        "event_id": event.id, "about_id": event.id, "event_slug": event.slug, "slug": area.slug,
        "day": event.occurrences[0].original_date.isoformat(), "rsvp_id": rsvp.id,
        "person_id": target.id, "team_id": accounts.team().id, "kind_id": events.kind().id,
        "category_id": concerns.category().id, "holiday_id": concerns.holiday().id,
        "beat_id": neighborhoods.beat(neighborhoods=[area]).id, "name": "no-such-file.jpg",
        **_after(event.occurrences[0], owner), **_concerns(site, owner, area.id), **_discussions(site, owner),
        **_moderation(site, owner),
    }  # fmt: skip
    _private_things(site, owner, target)
    _guest_things(site, event.occurrences[0])
    return site


def _after(date: Occurrence, owner: Person) -> dict[str, Any]:
    """What came of a date, and who helps at it."""
    shift = after.shift(date, capacity=30)
    take_shift(actor=owner, shift_id=shift.id)
    helper = add_helper(actor=after.officer(), shift=shift, name="Sam, from next door")
    return {"item_id": after.item(date).id, "shift_id": shift.id, "signup_id": helper.id}


def _discussions(site: Everything, owner: Person) -> dict[str, Any]:
    """A topic of the resident's with a poll, that somebody has answered, and that they watch, like and keep."""
    talk = discussions.topic(author=owner)
    answer_ = discussions.post(talk)
    poll = start_poll(actor=owner, topic=talk, question="A bump?", options=["Yes", "No"])
    vote(actor=owner, poll=poll, option_ids=[poll.options[0].id])
    taking_part.set_interest(actor=owner, topic=talk, interest=Interest.WATCH)
    taking_part.react(actor=owner, post=answer_, kind=ReactionKind.THANKS)
    taking_part.set_bookmark(actor=owner, post=answer_, keep=True)
    row = db.session.scalars(reader_of(owner.id, talk.id)).one()
    site.tokens |= dict.fromkeys(
        ("discussions.stop_watching", "discussions.stop_watching_ask"), sealed(row.id, taking_part.STOP)
    )
    discussions.forum(slug="events")
    by_staff = discussions.post(talk, author=accounts.person(Role.OFFICER))
    veiled = discussions.post(talk, author=discussions.verified(), as_resident=True)
    first = db.session.scalars(select(Post).where(Post.topic_id == talk.id, Post.number == 1)).one()
    return {
        "forum_slug": talk.forum.slug, "forum_id": talk.forum_id, "topic_id": talk.id, "topic_slug": talk.slug,
        "post_id": first.id, "staff_post_id": by_staff.id, "veiled_post_id": veiled.id,
    }  # fmt: skip


def _concerns(site: Everything, owner: Person, area_id: int) -> dict[str, Any]:
    """A public concern of the resident's, disputed and about to be passed on, and what the desk keeps."""
    officer, supervisor = (
        db.session.get_one(Person, site.people[role]) for role in ("officer", "supervisor")
    )
    made = concerns.concern(Mode.PUBLIC, person=owner, neighborhood_id=area_id)
    concerns.dispute(made)
    _followed(site, made, owner)
    transfer = ask_transfer(
        actor=officer, concern=made, to_name="City lights", why="They mend lamps.", items=[Item.STORY]
    )
    words = save_template(actor=supervisor, template=None, name="Thanks", language="en", text="Thank you.")
    complaint, unread = (
        concerns.concern(Mode.PRIVATE, about=About.COMPLAINT, category="officer") for _ in range(2)
    )
    db.session.add(Statement(concern_id=complaint.id, person_id=site.people["reviewer"]))
    return {
        "kind": "event", "reference": made.reference, "act": "reply", "deed": "lock",
        "transfer_id": transfer.id, "template_id": words.id,
        "view_id": save_view(actor=officer, name="Late", query="whose=mine").id,
        "complaint": complaint.reference, "unread": unread.reference,
        "confidential": concerns.concern(Mode.CONFIDENTIAL).reference,
    }  # fmt: skip


def _moderation(site: Everything, owner: Person) -> dict[str, Any]:
    """Something of the resident's that was decided about and appealed against, and a change of the rules that waits."""
    officer, administrator = (
        db.session.get_one(Person, site.people[role]) for role in ("officer", "administrator")
    )
    moderation.register_notes()
    stands = moderation.note(accounts.person())
    made = moderation.decision(moderation.reported_case(moderation.note(owner), accounts.person()), officer)
    appeal = raise_appeal(actor=owner, decision=made, words="It was a joke.")
    moderation.note_of_filters(owner)
    wave = moderation.wave(officer, moderation.note(accounts.person(), "Buy now."))
    propose_withdrawal(actor=administrator, number=8, why="The law says it.")
    return {
        "moderated": moderation.KIND, "thing_id": stands.id, "code": made.case.code, "appeal_id": appeal.id,
        "case_id": moderation.reported_case(moderation.note(accounts.person()), accounts.person()).id,
        "recheck_id": moderation.recheck_of(made).id, "wave_id": wave.id,
        "original_id": db.session.scalars(original_of(made.id)).one().id, "number": 1,
    }  # fmt: skip


def _followed(site: Everything, shown: Concern, owner: Person) -> None:
    """A mailbox asks to follow a public concern, another follows it; and a closed concern has its two questions."""
    ask_to_follow(concern=shown, email="lee@example.org", language="en", me_too=True, mails=True)
    asked = db.session.scalars(select(FollowRequest)).one()
    for endpoint in ("confirm_follow", "confirm_follow_post"):
        site.tokens[f"concerns_public.{endpoint}"] = follow_request_token(asked)
    kept = ConcernFollow(concern_id=shown.id, email="sam@example.org", mails=True)
    db.session.add(kept)
    db.session.flush()
    site.tokens["concerns_public.stop_following"] = follow_token(kept)
    # One that has ended already: stopping twice is stopping once, for whoever asks.
    site.tokens["concerns_public.stop_following_post"] = "0.0"
    closed = concerns.concern(person=owner)
    close_concern(
        actor=after.officer(),
        concern=closed,
        closed_as=Closing.DONE,
        text="A bump was built.",
        evidence="Seen on Monday, on Sheffield.",
    )
    token = afterwards_token(closed) or ""
    site.tokens |= dict.fromkeys(("concerns_afterwards.questions", "concerns_afterwards.save_answers"), token)


def _private_things(site: Everything, owner: Person, target: Person) -> None:
    """What belongs to the resident alone, and mailed links that still work."""
    start_session(owner, proof=owner.password_hash, stay=False, device="Another browser")
    site.values["session_id"] = db.session.scalars(
        select(Session.id).where(Session.person_id == owner.id)
    ).one()
    token = create_calendar_token(actor=owner, name="Phone")
    site.values["token_id"] = db.session.scalars(select(CalendarToken.id)).one()
    waiting = accounts.person(confirmed_at=None)
    upload = Held(
        new_token(), site.people["officer"], "town.csv", "csv", "", data=b"title,starts\nTea,2030-01-01"
    )
    keep(upload)
    purposes = {
        "accounts.confirm": (waiting, LinkPurpose.CONFIRM),
        "accounts.confirm_email": (target, LinkPurpose.CHANGE_EMAIL),
        "accounts.choose_password": (target, LinkPurpose.RESET),
    }
    site.tokens |= {"events_feeds.personal": token}
    site.tokens |= dict.fromkeys(("events_desk.import_plan", "events_desk.carry_out"), upload.token)
    for endpoint, (person, purpose) in purposes.items():
        link = links.new_link(person.id, purpose)
        link.name, link.password_hash, link.new_email = "Newcomer", accounts.CHEAP_HASH, "new@example.org"
        link.expires_at = clock.now() + timedelta(hours=1)
        db.session.add(link)
        db.session.flush()
        site.tokens[endpoint] = site.tokens[f"{endpoint}_post"] = links.token(link)


def _guest_things(site: Everything, date: Occurrence) -> None:
    """What mailed links of people without an account open."""
    request = ask_guest(
        occurrence=date, name="Sam", email="sam@example.org", language="en", answer=Answer.GOING
    )
    for endpoint in ("confirm_as_guest", "confirm_as_guest_post"):
        site.tokens[f"events.{endpoint}"] = request_token(request)
    caller = add_phone_in(actor=None, occurrence=date, name="Mrs. Alvarez")
    for endpoint in ("guest_answer", "save_guest_answer", "answer_guest_offer"):
        site.tokens[f"events.{endpoint}"] = guest_links.token_for(caller.id)
    site.tokens |= dict.fromkeys(("events.ticket", "events.use_ticket"), ticket_for(caller.id))
    for endpoint in ("stop_mail", "stop_mail_post", "resume_mail"):
        site.tokens[f"events.{endpoint}"] = stop_links.token_for(caller.id, Topic.REMINDERS)
