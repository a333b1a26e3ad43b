"""Pictures of concerns: a folder that no public address reads, and copies small enough to travel inside a form."""

from __future__ import annotations

import base64
import binascii
import io
from pathlib import Path

from flask import current_app
from werkzeug.datastructures import FileStorage

from forum.core.errors import Refusal
from forum.core.uploads import Picture, fitted, read_picture

CARRIED_BYTES = 240_000  # of one picture inside a form; five of them make a page of under two megabytes
_STEPS = ((1600, 80), (1280, 76), (1024, 72), (800, 68), (640, 60), (480, 50))  # longest side, JPEG quality
_THUMB = 320  # pixels


def folder() -> Path:
    """Where this installation keeps the pictures of concerns."""
    path: Path = current_app.config["FORUM"].instance_dir / "concern-pictures"
    return path


def carried(picture: Picture) -> str:
    """*picture* as text for a hidden field: the pixels that were drawn anew, at the largest size that fits."""
    from forum.core import pixels

    with pixels.jpeg(picture.files[""]) as drawn:
        for longest, quality in _STEPS:
            data = pixels.encoded(drawn, fitted(drawn.size, longest), quality)
            if len(data) <= CARRIED_BYTES:
                break
    return base64.b64encode(data).decode()


def uncarried(text: str) -> Picture:
    """The picture of a hidden field, decoded and drawn anew as if it came from anywhere. Refusal for anything else."""
    from forum.core import pixels

    try:
        data = base64.b64decode(text[: 2 * CARRIED_BYTES], validate=True)
        with pixels.jpeg(data) as sent:
            ours = max(sent.size) <= _STEPS[0][0]
    except (binascii.Error, ValueError):  # NoPicture among them
        ours = False
    # What we did not make is not decoded: a few kilobytes can hold forty million pixels, in five fields of each step.
    return read_picture(FileStorage(io.BytesIO(data if ours else b"")), field="pictures")


def thumb(text: str) -> str:
    """A ``data:`` address that shows the picture of a hidden field; "" for what is no picture."""
    from forum.core import pixels

    try:
        small = uncarried(text).files["-640"]
    except Refusal:
        return ""
    with pixels.jpeg(small) as drawn:
        return _data_address(pixels.encoded(drawn, fitted(drawn.size, _THUMB), 70))


def embedded(name: str) -> str:
    """A ``data:`` address that shows the kept picture *name* without another request; "" when its file is gone."""
    try:
        return _data_address((folder() / name.replace(".jpg", "-640.jpg")).read_bytes())
    except OSError:
        return ""


def _data_address(data: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
