"""Pictures people send: decoded, made small and written anew, so that nothing but the pixels is kept.

Where and when a picture was taken, with what, and what its file was called never touch a disk: the request keeps
uploads in memory (werkzeug would spool them to a temporary file), and only the re-encoded pixels are written, under a
random name. A picture therefore goes through two calls: :func:`read_picture`, slow, before the write begins, and
:meth:`Picture.store`, quick, inside it.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO

import flask
from flask import Blueprint, Flask, Response, abort, current_app, send_from_directory
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.http import parse_cookie
from werkzeug.utils import cached_property

from forum.core.access import public_uncached
from forum.core.errors import Refusal
from forum.core.transactions import after_rollback

MAX_BYTES = 8 * 1024 * 1024
SMALL = 640
SIZES = {"": 1600, f"-{SMALL}": SMALL}  # longest side in pixels, by what is added to the name
_QUALITY = 84
_NAME = re.compile(r"[0-9a-f]{32}(?:-640)?\.jpg")
_YEAR = 365 * 24 * 3600

blueprint = Blueprint("media", __name__)


class MemoryFile(BytesIO):
    """An uploaded file in memory; raises 413 once it exceeds MAX_BYTES."""

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        if self.tell() + len(data) > MAX_BYTES:
            raise RequestEntityTooLarge
        return super().write(data)


class CutFile(BytesIO):
    """An uploaded file in memory of which what is too much is let go by, so that the form around it is still read."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._request = request

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        room = min(MAX_BYTES + 1 - self.tell(), self._request.room_for_files)
        kept = data[: max(0, room)]
        self._request.room_for_files -= len(kept)
        self._request.files_were_cut |= len(kept) < len(data)
        super().write(kept)
        return len(data)


class Request(flask.Request):
    """The application's request: uploads stay in memory, so a photograph's metadata never reaches a disk."""

    keeps_form = False  # set by keep_form
    files_were_cut = False
    room_for_files = 3 * MAX_BYTES  # bytes in memory, of all files of a form that is kept

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """As Werkzeug reads them, which looks through every header for theirs."""
        return parse_cookie(self.environ.get("HTTP_COOKIE"), cls=self.dict_storage_class)  # type: ignore[return-value]

    def keep_form(self) -> None:
        """Read the form to its end however large its files are; call before it is read. Files are cut, text is not."""
        self.keeps_form = True
        self.max_content_length = 32 * MAX_BYTES

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return CutFile(self) if self.keeps_form else MemoryFile()


@dataclass(frozen=True)
class Picture:
    """A decoded picture as JPEG bytes by size suffix; ``width`` and ``height`` are the largest one's, in pixels."""

    files: dict[str, bytes]
    width: int
    height: int

    def store(self, where: Path | None = None, day: datetime | None = None) -> str:
        """Write the files and return the picture's name, as in ``/media/<name>``. Refusal when the disk is full.

        *where*: another folder than the public one. *day*: what the files say of when they were written. The name is
        there, complete, or not at all. When the write that it was for is undone, it goes again; whoever refuses before
        a write began calls :func:`remove`.
        """
        token = secrets.token_hex(16)
        try:
            for suffix, data in self.files.items():
                _write((where or folder()) / f"{token}{suffix}.jpg", data, day)
        except OSError as error:
            remove(f"{token}.jpg", where)
            raise Refusal(
                _("The picture could not be kept just now. Please try again later, or go on without it.")
            ) from error
        after_rollback(lambda: remove(f"{token}.jpg", where))
        return f"{token}.jpg"


def read_picture(upload: FileStorage, *, field: str = "picture") -> Picture:
    """Decode *upload* and draw it anew at every size of SIZES, upright, in RGB, without metadata.

    Raises Refusal (naming *field*) for what is too large, no picture, or in a format that is not read.
    """
    data = upload.stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Refusal(
            _("This picture is larger than %(size)s MB. Please choose a smaller one.", size=8), field
        )
    from forum.core import pixels

    try:
        drawn = pixels.decoded(data, SIZES[""])
    except pixels.TooManyPixels as error:
        raise Refusal(
            _("This picture has more than %(count)s million pixels. Please make it smaller.", count=40), field
        ) from error
    except pixels.NoPicture as error:
        raise Refusal(
            _("This file is not a picture we can read. Please send a JPEG, PNG, WebP or GIF."), field
        ) from error
    sizes = {suffix: fitted(drawn.size, longest) for suffix, longest in SIZES.items()}
    files = {
        suffix: pixels.encoded(drawn, size, _QUALITY, progressive=True) for suffix, size in sizes.items()
    }
    return Picture(files, *sizes[""])


def remove(name: str, where: Path | None = None) -> None:
    """Delete the picture *name* and its smaller copy; nothing happens when it is not there."""
    if _NAME.fullmatch(name):
        for suffix in SIZES:
            ((where or folder()) / f"{name[:32]}{suffix}.jpg").unlink(missing_ok=True)


def seal(name: str) -> None:
    """Take the picture *name* out of everybody's reach; it is kept, as of now, until :func:`forget_sealed`."""
    _move(name, folder(), sealed_folder())


def unseal(name: str) -> None:
    """Put the picture *name* back where everybody reads it."""
    _move(name, sealed_folder(), folder())


def forget_sealed(before: datetime) -> int:
    """Delete what was sealed before this moment; returns how many files."""
    old = [path for path in sealed_folder().glob("*.jpg") if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def sealed() -> list[str]:
    """The names of the pictures that are sealed, without their smaller copies."""
    names = (path.name for path in sealed_folder().glob("*.jpg"))
    return sorted(name for name in names if _NAME.fullmatch(name) and not name.endswith(f"-{SMALL}.jpg"))


def small(name: str) -> str:
    """The name of the smaller copy of picture *name*."""
    return name.replace(".jpg", f"-{SMALL}.jpg")


def fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Width and height in pixels of a picture of *size* whose longer side is *longest* at most."""
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def folder() -> Path:
    """Where this installation keeps its pictures."""
    path: Path = current_app.config["FORUM"].instance_dir / "uploads"
    return path


def sealed_folder() -> Path:
    """Where pictures lie that a decision hid: no address reads it but the desk's."""
    path: Path = current_app.config["FORUM"].instance_dir / "sealed"
    return path


@blueprint.get("/media/<name>")
@public_uncached  # the browser keeps it for good; the visitor cache's memory is for pages
def media(name: str) -> Response:
    """A picture. A name is never given twice, so it may be kept for ever."""
    if not _NAME.fullmatch(name):
        abort(404)
    response = send_from_directory(folder(), name, mimetype="image/jpeg", max_age=_YEAR, conditional=True)
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def guarded(name: str, where: Path, *, asks_again: bool = False) -> Response:
    """A picture of the folder *where*, for a view that has asked whether this reader may see it; 404 without its file.

    *asks_again*: the browser may keep it, and asks each time whether it still may show it. Else it keeps nothing.
    """
    if not _NAME.fullmatch(name):
        abort(404)
    response = send_from_directory(where, name, mimetype="image/jpeg", max_age=0, etag=asks_again)
    response.headers["Cache-Control"] = "private, no-cache" if asks_again else "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def init_app(app: Flask) -> None:
    """Keep uploads in memory and serve pictures."""
    app.request_class = Request
    app.register_blueprint(blueprint)


def _move(name: str, before: Path, after: Path) -> None:
    """Every size of the picture that lies in *before*; nothing happens when it lies there no more."""
    if not _NAME.fullmatch(name):
        return
    after.mkdir(parents=True, exist_ok=True)
    for suffix in SIZES:
        path = before / f"{name[:32]}{suffix}.jpg"
        if path.is_file():
            os.utime(path)
            path.replace(after / path.name)


def _write(path: Path, data: bytes, day: datetime | None = None) -> None:
    """Put *data* at *path*, durable and all at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            if day is not None:
                os.utime(file.fileno(), (day.timestamp(), day.timestamp()))
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
