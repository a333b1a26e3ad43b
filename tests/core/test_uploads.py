"""Pictures: only pixels are kept, hostile files are refused in words, and nothing else is served."""

import contextlib
import resource
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from PIL import Image, PngImagePlugin
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from forum.core import uploads
from forum.core.errors import Refusal
from forum.core.transactions import unit_of_work

pytestmark = pytest.mark.once

MARK = b"MARK-41.8781-87.6298"


@pytest.fixture
def folder(context: Flask) -> Iterator[Path]:
    """The uploads folder of an application context."""
    return uploads.folder()


def upload(data: bytes, name: str = "IMG_0001.jpg") -> FileStorage:
    return FileStorage(BytesIO(data), filename=name)


def encoded(
    kind: str, size: tuple[int, int] = (80, 40), mode: str = "RGB", color: Any = "red", **options: Any
) -> bytes:
    stream = BytesIO()
    Image.new(mode, size, color).save(stream, kind, **options)
    return stream.getvalue()


def opened(path: Path) -> Image.Image:
    return Image.open(BytesIO(path.read_bytes()))


def marked_jpeg() -> bytes:
    """A JPEG with our mark in EXIF, GPS, XMP, a comment and after its end; the camera was held sideways."""
    exif = Image.Exif()
    exif[0x010E] = MARK.decode()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[0x001D] = MARK.decode()
    return encoded("JPEG", exif=exif, comment=MARK, xmp=MARK) + MARK


def marked_png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", MARK.decode())
    info.add_itxt("XML:com.adobe.xmp", MARK.decode())
    return encoded("PNG", pnginfo=info) + MARK


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be *width* x *height*."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data",
    (marked_jpeg(), marked_png(), encoded("WEBP", xmp=MARK), encoded("GIF", comment=MARK)),
    ids=["jpeg", "png", "webp", "gif"],
)
def test_only_pixels_are_kept(folder: Path, data: bytes) -> None:
    assert MARK in data
    name = uploads.read_picture(upload(data, f"{MARK.decode()}.jpg")).store()
    kept = list(folder.iterdir())
    assert {path.name for path in kept} == {name, uploads.small(name)}
    for path in kept:
        assert MARK not in path.read_bytes()
        with Image.open(path) as picture:
            assert picture.format == "JPEG"
            assert not picture.getexif()
            assert set(picture.info) <= {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "progressive",
                "progression",
            }


def test_a_picture_goes_with_the_write_that_it_came_for(folder: Path) -> None:
    with unit_of_work():
        kept = uploads.read_picture(upload(encoded("PNG"), "a.png")).store()
    with contextlib.suppress(Refusal), unit_of_work():
        uploads.read_picture(upload(encoded("PNG"), "b.png")).store()
        raise Refusal("No such date.")
    assert {path.name for path in folder.iterdir()} == {kept, uploads.small(kept)}


def test_a_picture_taken_sideways_stands_upright(context: Flask) -> None:
    picture = uploads.read_picture(upload(marked_jpeg()))
    assert (picture.width, picture.height) == (40, 80)


def test_large_pictures_are_made_small_in_two_sizes(folder: Path) -> None:
    picture = uploads.read_picture(upload(encoded("JPEG", (4000, 1000))))
    name = picture.store()
    assert (picture.width, picture.height) == (1600, 400)
    assert opened(folder / name).size == (1600, 400)
    assert opened(folder / uploads.small(name)).size == (640, 160)


def test_a_thin_strip_keeps_at_least_one_pixel(context: Flask) -> None:
    assert uploads.read_picture(upload(encoded("PNG", (9000, 1)))).height == 1


@pytest.mark.parametrize(("mode", "color"), (("RGBA", (0, 0, 0, 0)), ("LA", (0, 0))))
def test_what_is_transparent_turns_white(folder: Path, mode: str, color: tuple[int, ...]) -> None:
    name = uploads.read_picture(upload(encoded("PNG", mode=mode, color=color))).store()
    assert opened(folder / name).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ("1", "L", "P", "I;16", "CMYK"))
def test_every_color_mode_is_drawn(context: Flask, mode: str) -> None:
    data = encoded("JPEG" if mode == "CMYK" else "PNG", mode=mode, color=None)
    assert uploads.read_picture(upload(data)).width == 80


@pytest.mark.parametrize(
    "data",
    (
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        encoded("BMP"),
        encoded("TIFF"),
        encoded("JPEG", (800, 800))[:300],
        encoded("PNG")[:60],
        bomb(0, 0),
        bomb(100, 100),
    ),
)
def test_what_is_no_picture_is_refused_in_words(context: Flask, data: bytes) -> None:
    with pytest.raises(Refusal, match="not a picture we can read") as refusal:
        uploads.read_picture(upload(data), field="photo")
    assert refusal.value.field == "photo"


@pytest.mark.parametrize("size", ((50_000, 50_000), (10_000, 10_000), (6400, 6400)))
def test_too_many_pixels_are_refused_before_they_are_decoded(context: Flask, size: tuple[int, int]) -> None:
    with pytest.raises(Refusal, match="40 million pixels"):
        uploads.read_picture(upload(bomb(*size)))


def test_too_large_a_file_is_refused(context: Flask) -> None:
    with pytest.raises(Refusal, match="larger than 8 MB"):
        uploads.read_picture(upload(b"\xff\xd8" + b"x" * uploads.MAX_BYTES))


def test_uploads_stay_in_memory_and_end_at_the_limit(app: Flask) -> None:
    big = marked_jpeg() + b"x" * 2_000_000
    with app.test_request_context("/", method="POST", data={"picture": (BytesIO(big), "a.jpg")}):
        assert isinstance(request.files["picture"].stream, uploads.MemoryFile)
        request.environ["wsgi.input"].close()
    too_big = b"x" * (uploads.MAX_BYTES + 1)
    with (
        app.test_request_context("/", method="POST", data={"picture": (BytesIO(too_big), "a.jpg")}),
        contextlib.closing(request.environ["wsgi.input"]),
        pytest.raises(RequestEntityTooLarge),
    ):
        request.files.get("picture")


def test_a_full_disk_is_said_in_words_and_leaves_nothing(folder: Path) -> None:
    picture = uploads.read_picture(upload(encoded("PNG")))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(Refusal, match="could not be kept"):
            picture.store()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(folder.iterdir()) == []


def test_removing_takes_both_sizes_and_only_pictures(folder: Path) -> None:
    name = uploads.read_picture(upload(encoded("PNG"))).store()
    (folder / "notes.txt").write_text("kept")
    uploads.remove(name)
    uploads.remove(name)
    uploads.remove("notes.txt")
    uploads.remove("../forum.db")
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_picture_is_served_for_good_and_can_do_nothing(app: Flask, client: Any) -> None:
    with app.app_context():
        name = uploads.read_picture(upload(encoded("PNG"))).store()
    response = client.get(f"/media/{name}")
    assert response.status_code == 200
    assert response.data[:2] == b"\xff\xd8"
    assert response.content_type == "image/jpeg"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers
    response.close()
    again = client.get(f"/media/{name}", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    again.close()


@pytest.mark.parametrize(
    "name",
    ("../forum.db", "..%2fforum.db", "x.jpg", "0" * 32 + ".png", "0" * 32 + ".jpg", "0" * 32 + ".jpg%0a"),
)
def test_nothing_else_is_served(client: Any, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404
