"""QR codes as SVG that stands in a page: nothing inline, nothing fetched."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup


@lru_cache(maxsize=500)  # drawing takes 5 ms, and the page of an answer is opened again and again
def qr_svg(text: str) -> Markup:
    """*text* as an SVG QR code, black on white whatever the page's colors: cameras want the contrast."""
    import segno  # few processes ever draw one

    code = segno.make(text, micro=False, error="m")
    # Without a size of its own it is whole at whatever size the stylesheet gives it.
    drawn = code.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass=None)
    return Markup(drawn)  # noqa: S704 - drawn by segno from squares
