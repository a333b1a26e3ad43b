"""What a picture shows, drawn anew, so that nothing else of its file is kept.

Imported when a picture comes, by who needs it then: Pillow takes two megabytes of each process.
"""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 40_000_000  # a telephone's 12 to 24 megapixels with room; decoded, 120 MB
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # of an animation the first frame


class NoPicture(ValueError):
    """This is no picture in any of FORMATS, or a broken one."""


class TooManyPixels(ValueError):
    """This picture has more than MAX_PIXELS."""


def decoded(data: bytes, longest: int) -> Image.Image:
    """The first frame of the picture *data*, upright, in RGB, neither side longer than *longest* pixels.

    Raises NoPicture or TooManyPixels; no more is decoded than is allowed.
    """
    try:
        return _decoded(data, longest)
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        # What Pillow raises for a broken file depends on the format and on where it breaks.
        raise NoPicture from error


def jpeg(data: bytes) -> Image.Image:
    """The JPEG *data*, of which its size is known and nothing decoded yet. Raises NoPicture."""
    try:
        return Image.open(BytesIO(data), formats=("JPEG",))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NoPicture from error


def encoded(pixels: Image.Image, size: tuple[int, int], quality: int, *, progressive: bool = False) -> bytes:
    """*pixels* as a JPEG of this width and height and of this quality (1 to 95)."""
    scaled = pixels if size == pixels.size else pixels.resize(size, Image.Resampling.LANCZOS)
    written = BytesIO()
    _on_white(scaled).save(written, "JPEG", quality=quality, optimize=True, progressive=progressive)
    return written.getvalue()


def _decoded(data: bytes, longest: int) -> Image.Image:
    with warnings.catch_warnings():
        # The limit below is stricter, and an error.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = Image.open(BytesIO(data), formats=FORMATS)
    if picture.width * picture.height > MAX_PIXELS:
        raise Image.DecompressionBombError
    # Lets a JPEG be decoded at a half or a quarter of its size.
    picture.draft("RGB", (2 * longest, 2 * longest))
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((longest, longest))
    return _on_white(upright)


def _on_white(picture: Image.Image) -> Image.Image:
    """*picture* in RGB, what is transparent shown white; a new image, since a comment in ``info`` would be written."""
    clean = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        clean.paste(layer, mask=layer.getchannel("A"))
    else:
        clean.paste(picture.convert("RGB"))
    return clean
