"""PROMISES 1: marks are planted wherever a browser tells who somebody is, and looked for wherever things are kept."""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from PIL import Image, PngImagePlugin
from sqlalchemy import select

from forum.accounts.models import Session
from forum.core import fleeting_limits, limits
from forum.extensions import db
from tests.concerns.steps import page_of, press, walk
from tests.factories import accounts
from tests.factories.accounts import sign_in
from tests.pages import Client

ADDRESS, FORWARDED, AGENT = "127.0.0.77", "203.0.113.99", "MarkedBrowser/77.3"
EXIF, XMP, COMMENT, TRAILER, PNG_TEXT = "ExifMark7", "XmpMark7", "CommentMark7", "TrailerMark7", "PngMark7"
FILE_NAME, NAME, EMAIL = "IMG_FileMark7", "Quilla Namemark", "mailmark7@example.org"
MOMENT = datetime(2026, 3, 4, 21, 47, 13, 123456, tzinfo=UTC)
TIMES = ("21:47", "15:47", "214713")  # UTC, the agency's wall clock
MARKS = (ADDRESS, FORWARDED, AGENT, EXIF, XMP, COMMENT, TRAILER, PNG_TEXT, FILE_NAME)


def marked_jpeg() -> BytesIO:
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = EXIF
    exif.get_ifd(0x8825)[29] = EXIF
    written = BytesIO()
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{XMP}</x:xmpmeta>".encode()
    Image.new("RGB", (80, 60), (200, 90, 10)).save(written, "JPEG", exif=exif, comment=COMMENT, xmp=xmp)
    assert all(mark.encode() in written.getvalue() for mark in (EXIF, XMP, COMMENT))
    return BytesIO(written.getvalue() + TRAILER.encode())


def marked_png() -> BytesIO:
    written, text = BytesIO(), PngImagePlugin.PngInfo()
    text.add_text("Author", PNG_TEXT)
    Image.new("RGB", (80, 60), (10, 90, 200)).save(written, "PNG", pnginfo=text)
    chunk = b"tEXt" + f"Comment\0{PNG_TEXT}".encode()
    tail = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return BytesIO(written.getvalue() + tail)


def everything_kept(app: Flask) -> dict[str, bytes]:
    """All that the installation holds: every table row by row, every file of its folder, the database's included."""
    found: dict[str, bytes] = {}
    with app.app_context():
        for table in db.metadata.sorted_tables:
            rows = db.session.execute(sa.select(table)).all()
            found[f"table {table.name}"] = "\n".join(repr(tuple(row)) for row in rows).encode()
        places = [Path(app.instance_path)]
        if db.engine.dialect.name == "sqlite":
            places.append(Path(str(db.engine.url.database)).parent)
    for place in places:
        for path in place.rglob("*"):
            if path.is_file() and not path.name.endswith(".template"):
                found[str(path)] = path.read_bytes() + path.name.encode()
    return found


def found_in(kept: dict[str, bytes], marks: tuple[str, ...]) -> list[str]:
    return [f"{mark} in {place}" for place, data in kept.items() for mark in marks if mark.encode() in data]


@pytest.fixture
def sent(app: Flask, client: Client, saved: Callable[[Callable[[], Any]], Any]) -> tuple[int, str, list[str]]:
    """An anonymous concern with a reply, of somebody signed in: (person, receipt code, tokens of their session)."""
    person = saved(lambda: accounts.person(name=NAME, email=EMAIL).id)
    with time_machine.travel(MOMENT - timedelta(hours=2), tick=False):
        sign_in(client, person)
    with app.app_context():
        tokens = [str(value) for row in db.session.execute(select(Session.token_hash)) for value in row]
    client.environ_base |= {
        "REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": AGENT, "HTTP_X_FORWARDED_FOR": FORWARDED,
        "HTTP_FORWARDED": f"for={FORWARDED}",
    }  # fmt: skip
    with time_machine.travel(MOMENT, tick=False):
        pictures = walk(client, until="pictures")
        added = press(
            client,
            pictures,
            pictures=[(marked_jpeg(), f"{FILE_NAME}.jpg"), (marked_png(), f"{FILE_NAME}.png")],
        )
        review = press(client, added)
        code = page_of(review).form("/concerns/new")["code"]
        assert page_of(press(client, review)).text()
        opened = client.page("/concerns/track").form("/concerns/track") | {"code": code}
        thread = page_of(client.post("/concerns/track", data=opened))
        reply = thread.form("/reply") | {"text": "It happened again.", "pictures": (marked_jpeg(), FILE_NAME)}
        answer = client.post("/concerns/track/reply", data=reply, content_type="multipart/form-data")
        assert answer.status_code == 200
        client.post("/concerns/track", data=opened | {"code": "wrong"})
    return person, code, tokens


def test_nothing_of_who_sent_it_is_found_anywhere(
    app: Flask, sent: tuple[int, str, list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    _person, code, tokens = sent
    kept = everything_kept(app)
    kept["logs"] = "".join(capfd.readouterr()).encode()
    assert found_in(kept, (*MARKS, code, code.replace("-", ""))) == []
    concerning = {place: data for place, data in kept.items() if "concern" in place}
    assert len(concerning) > 8
    assert found_in(concerning, (NAME, EMAIL, *tokens)) == []


def test_no_table_no_file_and_no_log_knows_the_time_of_day(
    app: Flask, sent: tuple[int, str, list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    person = sent[0]
    kept = {
        place: data
        for place, data in everything_kept(app).items()
        if place.startswith("table ") and place not in ("table person", "table session")
    }
    kept["logs"] = "".join(capfd.readouterr()).encode()
    hour = "datetime.datetime(2026, 3, 4, 21, 47"
    assert found_in(kept, (*TIMES, hour)) == []
    folder = app.config["FORUM"].instance_dir / "concern-pictures"
    written = {path.stat().st_mtime for path in folder.iterdir()}
    assert written == {datetime(2026, 3, 4, 6, tzinfo=UTC).timestamp()}
    with app.app_context():  # nor was the session noticed then
        seen = db.session.scalars(select(Session).where(Session.person_id == person)).one()
        assert all(getattr(seen, name) != MOMENT for name in ("created_at", "seen_at") if hasattr(seen, name))


def test_no_row_of_concerns_names_the_sender(app: Flask, sent: tuple[int, str, list[str]]) -> None:
    with app.app_context():
        for table in db.metadata.sorted_tables:
            if table.name.startswith("concern"):
                for column in table.columns:
                    if any(key.column.table.name == "person" for key in column.foreign_keys):
                        assert db.session.scalars(sa.select(column).where(column.is_not(None))).all() == [], (
                            column
                        )


def test_counts_of_concerns_lie_in_memory_under_a_key_that_goes_with_the_hour(
    app: Flask, client: Client
) -> None:
    client.environ_base |= {"REMOTE_ADDR": ADDRESS}
    with app.app_context():
        store: Any = app.extensions["fleeting_limits"].storage
        if not hasattr(store, "path"):
            pytest.skip("no shared memory here")
        path = Path(store.path)
        fleeting_limits.hit("concern-code", ADDRESS, "1 per 10 minutes")
        first = store.key()
        assert path.is_relative_to("/dev/shm")
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        for file in path.parent.iterdir():
            assert ADDRESS.encode() not in file.read_bytes()
        assert fleeting_limits.blocked("concern-code", ADDRESS, "1 per 10 minutes")
        with time_machine.travel(datetime.now(UTC).timestamp() + 3600, tick=False):
            assert store.key() != first
            with sqlite3.connect(path) as database:
                assert len(database.execute("SELECT key FROM secret").fetchall()) == 1
        assert not limits.blocked("concern-code", ADDRESS, "1 per 10 minutes")
