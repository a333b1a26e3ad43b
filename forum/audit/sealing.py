"""The hash chain over the ledger: what a seal covers, and what would not fit it any more.

A seal's hash is SHA-256 over the hash before it (64 zeros at first) and every entry of its batch, one line of JSON each
with sorted keys. Whoever changes, adds or removes a sealed entry must make every later seal anew; whoever keeps the
last hash elsewhere sees that too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forum.audit import queries
from forum.audit.models import Entry, Seal
from forum.extensions import db

BEGINNING = "0" * 64
STEP = 200


@dataclass(frozen=True)
class Fault:
    """A seal that does not hold, and why: "hash", "count", "gap" (entries outside any seal) or "missing"."""

    seal_id: int
    word: str


def chained(previous: str, entries: Iterable[Entry]) -> str:
    """The hash (hex) of a batch that follows *previous*."""
    digest = hashlib.sha256(previous.encode())
    for entry in entries:
        digest.update(b"\n" + canonical(entry))
    return digest.hexdigest()


def canonical(entry: Entry) -> bytes:
    """The bytes of *entry* that a seal covers; the same on every database."""
    fields = {
        "id": entry.id,
        "at": entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor_id": entry.actor_id,
        "act": entry.act,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "detail": entry.detail,
    }
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass
class Verification:
    """What was checked; ``faults`` is empty when every seal holds."""

    seals: int = 0
    entries: int = 0
    unsealed: int = 0
    head: str = BEGINNING
    faults: list[Fault] | None = None


def verify() -> Verification:
    """Recompute the whole chain. Reads in batches, so a ledger of any length fits in memory."""
    result = Verification(faults=[])
    last_entry = 0
    for seal in _seals():
        result.seals += 1
        result.faults += [Fault(seal.id, word) for word in _faults_of(seal, result.head, last_entry)]  # type: ignore[operator]
        result.entries += seal.entries
        result.head, last_entry = seal.hash, seal.last_entry_id
    result.unsealed = db.session.execute(queries.unsealed(last_entry)).one()[0]
    return result


def _faults_of(seal: Seal, previous: str, last_entry: int) -> list[str]:
    entries = db.session.scalars(queries.entries_between(last_entry + 1, seal.last_entry_id)).all()
    words = []
    if len(entries) < seal.entries:
        words.append("missing")
    elif len(entries) > seal.entries or (entries and entries[0].id != seal.first_entry_id):
        words.append("gap")
    if chained(previous, entries) != seal.hash:
        words.append("hash")
    db.session.expunge_all()
    return words


def _seals() -> Iterator[Seal]:
    after = 0
    while batch := db.session.scalars(queries.seals_after(after, STEP)).all():
        db.session.expunge_all()
        yield from batch
        after = batch[-1].id


def is_in_chain(digest: str) -> bool:
    """True when some seal has this hash, or the ledger was empty then."""
    return digest == BEGINNING or any(seal.hash == digest for seal in _seals())
