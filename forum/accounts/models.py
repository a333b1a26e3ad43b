"""People, teams, sessions and mailed links."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from flask_login import AnonymousUserMixin, UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db


class Role(StrEnum):
    """What a person comes to do (docs/handbook). Sorted; a word is never given a second meaning."""

    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    OFFICER = "officer"
    PARTNER = "partner"
    RESIDENT = "resident"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"


NOTICED_EVERY = timedelta(minutes=10)
STAFF = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.OFFICER, Role.REVIEWER, Role.SUPERVISOR})


class LinkPurpose(StrEnum):
    """What a mailed link does."""

    CHANGE_EMAIL = "change_email"
    CONFIRM = "confirm"
    INVITE = "invite"
    RESET = "reset"


class Team(db.Model):
    """A unit of the agency: a district, a watch, a community-policing office."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)


class Person(UserMixin, db.Model):
    """Someone with an account. ``is_active`` is false once suspended or erased; then no session of theirs works."""

    __tablename__ = "person"
    # An id is never used again, since the ledger and the outbox name people by id without a foreign key.
    __table_args__ = (
        one_of("role", Role),
        sa.Index("ix_person_role", "role", "name"),
        sa.Index("ix_person_name", "name", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254))  # as typed, for mail
    email_folded: Mapped[str] = mapped_column(sa.String(254), unique=True)  # for look-ups
    name: Mapped[str] = mapped_column(sa.String(120))  # what others see
    # The name that a decision hid: ``name`` is a stand-in until they choose another, or have this one back.
    hidden_name: Mapped[str | None] = mapped_column(sa.String(120))
    password_hash: Mapped[str | None] = mapped_column(
        sa.String(200)
    )  # None until an invited person chooses one
    role: Mapped[Role] = mapped_column(Word(Role), default=Role.RESIDENT)
    language: Mapped[str] = mapped_column(
        sa.String(16), default="en"
    )  # of mail, and of pages unless chosen otherwise
    title: Mapped[str] = mapped_column(
        sa.String(120), default=""
    )  # "Beat sergeant, 14th District"; staff only
    public_contact: Mapped[str] = mapped_column(
        sa.String(254), default=""
    )  # how residents reach this officer
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("team.id", ondelete="SET NULL"), index=True)
    answers_to_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    confirmed_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    team: Mapped[Team | None] = relationship()
    answers_to: Mapped[Person | None] = relationship(remote_side=[id])

    # The token of the session this request came with; set by the loader, never stored.
    session_token = None  # type: str | None
    session_id = None  # type: int | None
    session_seen_at = None  # type: datetime | None

    @property
    def is_authenticated(self) -> bool:
        """Always: the loader gives nobody who may not come in. Flask-Login's own would read the row once more."""
        return True

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.suspended_at is None and self.erased_at is None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_to_be_noticed(self) -> bool:
        """Whether the page should say that somebody reads it: the session was last touched a while ago."""
        return self.session_seen_at is not None and self.session_seen_at < clock.now() - NOTICED_EVERY

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session's token, so that ending the row ends the sign-in."""
        if self.session_token is None:
            raise ValueError("a person signs in through accounts.operations.start_session")
        return self.session_token


class Visitor(AnonymousUserMixin):
    """Whoever is not signed in: policies always get a user object, and this one has no id, no role and no rights."""

    id: None = None
    role: None = None
    name = ""
    is_staff = False
    team_id: None = None


class Session(db.Model):
    """One sign-in on one device. The cookie holds a random token; the table its keyed hash."""

    __tablename__ = "session"
    __table_args__ = (sa.Index("ix_session_person_id", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(
        default=clock.now
    )  # touched by unsafe requests, at most once a minute
    expires_at: Mapped[datetime] = mapped_column(index=True)
    stay: Mapped[bool] = mapped_column(default=False)  # "stay signed in"
    device: Mapped[str] = mapped_column(
        sa.String(60), default=""
    )  # "Firefox on Android"; no address, no full agent

    person: Mapped[Person] = relationship()


class MailedLink(db.Model):
    """A link that works once. The mail carries the row's id and nonce, signed; the row says whether it was used."""

    __tablename__ = "mailed_link"
    __table_args__ = (
        one_of("purpose", LinkPurpose),
        sa.Index("ix_mailed_link_person_id", "person_id", "purpose"),
        {
            "sqlite_autoincrement": True
        },  # an id is never used again: it is part of the link and of the outbox's key
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # None when nobody has the address that was typed: the same rows are written, so the answer takes the same time.
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    purpose: Mapped[LinkPurpose] = mapped_column(Word(LinkPurpose))
    nonce: Mapped[str] = mapped_column(sa.String(43))
    new_email: Mapped[str] = mapped_column(sa.String(254), default="")  # for change_email
    old_email: Mapped[str] = mapped_column(sa.String(254), default="")  # whom to warn of it, also afterwards
    # For confirm: what this registration chose. It becomes the person's only when this very link is confirmed, so that
    # whoever registers someone else's address cannot choose the password of the account its owner confirms.
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
