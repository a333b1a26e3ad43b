"""What wiring fills in: how each kind of notification is worded, and who a person is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forum.core.mail import Message
from forum.notifications.models import Notification


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A person as mail needs them. *active* is false while unconfirmed, suspended or erased.

    *id* is None, and *address* empty, for who has no account: the message says itself to whom it goes.
    """

    id: int | None
    address: str
    language: str
    name: str = ""
    active: bool = True


# Words one notification for one person, inside core.mail.addressed_to: gettext and url_for(_external=True) are right.
# None when there is nothing to say any more; the notification is then withdrawn.
Renderer = Callable[[Notification, Recipient], Message | None]
Resolver = Callable[[int], Recipient | None]


@dataclass(frozen=True)
class Wording:
    """A registered kind."""

    renderer: Renderer
    to_inactive: bool


class Registry:
    """Filled by wiring once, read by the deliverer."""

    def __init__(self) -> None:
        self.wordings: dict[str, Wording] = {}
        self.resolve: Resolver = lambda _id: None


registry = Registry()


def register_message(kind: str, renderer: Renderer, *, to_inactive: bool = False) -> None:
    """Word notifications of *kind* by *renderer*. *to_inactive*: also to who has not confirmed (a sign-up link)."""
    registry.wordings[str(kind)] = Wording(renderer, to_inactive)


def register_recipients(resolver: Resolver) -> None:
    """Find people by *resolver*: an id to a Recipient, or None when there is nobody."""
    registry.resolve = resolver
