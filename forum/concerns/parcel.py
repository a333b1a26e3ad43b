"""What leaves with a transfer: the items its person agreed to, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from forum.concerns.models import Author, Concern, ConcernPicture, Entry, Identity, Item, Mode, Transfer


def parcel(
    transfer: Transfer,
    concern: Concern,
    *,
    entries: Sequence[Entry] = (),
    identity: Identity | None = None,
    pictures: Sequence[ConcernPicture] = (),
) -> dict[Item, list[str]]:
    """The agreed items with their lines; empty while it has not been sent. Pictures come as what they show."""
    if transfer.sent_at is None:
        return {}
    known = identity if concern.mode in (Mode.PUBLIC, Mode.PRIVATE) else None
    everything = {
        Item.STORY: [concern.title, concern.story],
        Item.PLACE: [concern.neighborhood.name if concern.neighborhood else "", concern.place],
        Item.THREAD: [entry.text for entry in entries if entry.text and entry.author is not Author.SYSTEM],
        Item.NAME: [name_of(known)],
        Item.CONTACT: contact_of(known),
        Item.PICTURES: [picture.alt or picture.name for picture in pictures],
    }
    agreed = [Item(word) for word in transfer.agreed]
    return {item: [line for line in everything[item] if line] for item in agreed}


def name_of(identity: Identity | None) -> str:
    """Their name, as they gave it or as their account has it."""
    if identity is None:
        return ""
    return identity.name or (identity.person.name if identity.person else "")


def contact_of(identity: Identity | None) -> list[str]:
    """Where they are reached."""
    if identity is None:
        return []
    return [identity.email or (identity.person.email if identity.person else ""), identity.phone]
