"""Pictures through the site as operators run it, and a backup that is restored into another place."""

from __future__ import annotations

import re
import shutil
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.concerns.steps import jpeg, page_of, press, step_of, walk
from tests.servers.site import ROOT, Site, running_site
from tests.servers.visitor import Visitor

pytestmark = pytest.mark.once
SIDE = 50_000  # pixels
STORY = "Every evening after nine."


def huge_png() -> BytesIO:
    """A whole PNG of 50,000 x 50,000 black pixels: 300 kB that are 2.5 GB once they are decoded."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    packer, line = zlib.compressobj(1), bytes(1 + SIDE // 8)
    pixels = b"".join(packer.compress(line) for _ in range(SIDE)) + packer.flush()
    header = SIDE.to_bytes(4, "big") * 2 + bytes((1, 0, 0, 0, 0))
    return BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def svg() -> BytesIO:
    return BytesIO(
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'
    )


def zipped() -> BytesIO:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(20_000_000))
    file.seek(0)
    return file


def weight(site: Site) -> int:
    """The bytes that the site's processes hold in memory."""
    return sum(psutil.Process(pid).memory_info().rss for pid in site.worker_pids())


def test_hostile_pictures_are_answered_in_words_beside_the_field_and_the_text_stays() -> None:
    hostile: list[tuple[str, Callable[[], BytesIO], str]] = [
        ("large.png", huge_png, "million pixels"),
        ("large.jpg", huge_png, "million pixels"),
        ("drawing.svg", svg, "not a picture we can read"),
        ("drawing.png", svg, "not a picture we can read"),
        ("photo.jpg", zipped, "not a picture we can read"),
    ]
    with running_site() as site:
        visitor: Any = Visitor(site)
        asks = walk(visitor, until="pictures", story={"title": "Cars race", "story": STORY})
        before = weight(site)
        for name, make, words in hostile:
            answer = press(visitor, asks, 422, pictures=[(make(), name)])
            page = page_of(answer)
            assert words in page.text(), name
            assert page.form("/concerns/new")["story"] == STORY
        assert weight(site) - before < 300_000_000  # decoded, the first alone is 2.5 GB
        taken = press(visitor, asks, pictures=[(jpeg(), "a.jpg"), (jpeg(), "b.jpg")])
        assert {"picture-0", "picture-1"} <= set(page_of(taken).form("/concerns/new"))
        assert not (site.instance / "concern-pictures").exists()  # nothing is kept before it is sent


def raised(visitor: Any) -> str:
    """A concern with a picture; its receipt code."""
    asks = walk(visitor, until="pictures", story={"title": "Cars race", "story": STORY})
    review = press(visitor, press(visitor, asks, pictures=[(jpeg(), "a.jpg")]))
    assert step_of(review) == "review"
    code = str(page_of(review).form("/concerns/new")["code"])
    assert "We have your concern" in press(visitor, review).get_data(as_text=True)
    return code


def thread_of(site: Site, code: str) -> Any:
    visitor = Visitor(site)
    token = page_of(visitor.get("/concerns/track")).form("/concerns/track")["csrf_token"]  # type: ignore[arg-type]
    return page_of(visitor.post("/concerns/track", data={"csrf_token": token, "code": code}))  # type: ignore[arg-type]


def to_be_backed_up() -> list[str]:
    """What the handbook's table of files says to back up, the database left out: it has a command."""
    table = (ROOT / "docs" / "operations.md").read_text()
    rows = re.findall(r"^\| `([\w./-]+)`.*\| yes[^|]*\|$", table, re.MULTILINE)
    return [name.rstrip("/") for name in rows if name != "forum.db"]


def restore(site: Site, backup: Path) -> None:
    """As the handbook says."""
    for kept in backup.iterdir():
        copy = shutil.copytree if kept.is_dir() else shutil.copy
        copy(kept, site.instance / kept.name)
    site.flask("db", "upgrade")
    site.start()


def test_a_backup_made_under_load_and_restored_as_the_handbook_says_has_every_concern_and_picture(
    tmp_path: Path,
) -> None:
    with running_site() as site:
        codes = [raised(Visitor(site)) for _ in range(3)]
        site.flask("audit", "seal")
        site.flask("backup", str(tmp_path / "forum.db"))
        later = raised(Visitor(site))  # the folders are copied after the database: one picture too many
        for name in to_be_backed_up():
            source = site.instance / name
            if source.exists():
                (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    with running_site(migrate=False, start=False) as site:
        restore(site, tmp_path)
        for code in codes:
            page = thread_of(site, code)
            assert STORY in page.text()
            assert [image.get("src", "")[:22] for image in page.all("img")] == ["data:image/jpeg;base64"]
        assert "This code opens nothing" in thread_of(site, later).text()
        assert "does not hold" not in site.flask("audit", "verify")
        assert raised(Visitor(site)) not in codes
