"""Files between their upload and the word to go ahead: for an hour, on the server, each for one person alone."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from forum.core import clock

KEEP = timedelta(hours=1)
MOST_OF_ONE_PERSON = 10
_TOKEN = re.compile("[0-9a-f]{32}")


@dataclass
class Held:
    """An uploaded file with what was chosen for it; *result* is there once it was carried out."""

    token: str
    person_id: int
    name: str
    source: str
    area: str
    digest: str = ""  # of the plan that was shown
    data: bytes = b""
    result: dict[str, Any] = field(default_factory=dict)


def keep(held: Held) -> None:
    """Write it down, all at once. OSError when the disk is full."""
    _sweep(held.person_id)
    path = _path(held.person_id, held.token)
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {name: value for name, value in asdict(held).items() if name != "data"}
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    draft.write_bytes(json.dumps(about).encode() + b"\n" + held.data)
    draft.chmod(0o600)
    draft.replace(path)


def new_token() -> str:
    """A name that nobody guesses."""
    return secrets.token_hex(16)


def find(person_id: int, token: str) -> Held | None:
    """What this person uploaded under *token* within the hour; None for anything else."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        path = _path(person_id, token)
        if _age(path) > KEEP:
            return None
        about, _newline, data = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    return Held(**json.loads(about), data=data)


def claim(held: Held) -> bool:
    """Take it away, so that it is carried out once; False when another request has it already."""
    try:
        path = _path(held.person_id, held.token)
        os.replace(path, path.with_suffix(".taken"))
    except FileNotFoundError:
        return False
    return True


def forget_old() -> int:
    """Remove every file older than the hour; returns how many."""
    old = [path for path in _folder().glob("*") if _age(path) > KEEP]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _sweep(person_id: int) -> None:
    """Room for one more of this person's."""
    own = sorted(_folder().glob(f"{person_id}-*"), key=_age)
    for path in own[MOST_OF_ONE_PERSON - 1 :]:
        path.unlink(missing_ok=True)


def _age(path: Path) -> timedelta:
    with contextlib.suppress(FileNotFoundError):
        return clock.now() - datetime.fromtimestamp(path.stat().st_mtime, clock.now().tzinfo)
    return timedelta.max


def _folder() -> Path:
    path: Path = current_app.config["FORUM"].instance_dir / "imports"
    return path


def _path(person_id: int, token: str) -> Path:
    return _folder() / f"{person_id}-{token}"
