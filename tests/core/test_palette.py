"""Every pair of colors that text or a control is made of, measured in both schemes from the tokens themselves."""

from __future__ import annotations

import math
import re
from itertools import product

import pytest

from forum.core.assets import STATIC

pytestmark = pytest.mark.once

TOKENS = (STATIC / "css" / "tokens.css").read_text()
KINDS = ("teal", "plum", "ochre", "moss", "slate", "clay")
PAPERS = ("paper", "raised", "sunk")
TEXT = [
    *product(("ink", "ink-soft", "accent", "accent-strong", "late", "good", "wait", *KINDS), PAPERS),
    *product(("ink", "ink-soft", "accent", "accent-strong"), ("accent-tint",)),
    *((tone, f"{tone}-tint") for tone in ("good", "late", "wait")),
    *product(("ink", "ink-soft", "accent"), ("good-tint", "late-tint", "wait-tint")),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
    ("signal-ink", "signal"),
    ("paper", "ink"),
]
# WCAG 2.2, 1.4.11: what shows where a control is, and where the focus is.
EDGES = [*product(("line-strong", "focus", "accent"), PAPERS), ("focus", "accent-tint"), ("signal", "paper")]

Rgb = tuple[float, float, float]


def _scheme(css: str) -> dict[str, tuple[float, float, float]]:
    found = re.findall(r"--([a-z-]+): oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)", css)
    return {name: (float(light) / 100, float(chroma), float(hue)) for name, light, chroma, hue in found}


LIGHT, _, _rest = TOKENS.partition("@media screen and (prefers-color-scheme: dark)")
SCHEMES = {"light": _scheme(LIGHT), "dark": {**_scheme(LIGHT), **_scheme(_rest)}}


def linear_rgb(oklch: tuple[float, float, float]) -> Rgb:
    """Linear sRGB of an OKLCH color (CSS Color 4, section 18), not clipped."""
    light, chroma, hue = oklch
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def luminance(oklch: tuple[float, float, float]) -> float:
    """Relative luminance (WCAG 2.2) of what a screen shows: clipped to sRGB."""
    red, green, blue = (min(max(part, 0.0), 1.0) for part in linear_rgb(oklch))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def as_hex(oklch: tuple[float, float, float]) -> str:
    parts = (min(max(part, 0.0), 1.0) for part in linear_rgb(oklch))
    coded = (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in parts)
    return "#" + "".join(f"{round(part * 255):02x}" for part in coded)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast((0, 0, 0), (1, 0, 0)) == pytest.approx(21, abs=0.01)
    assert as_hex((0.627955, 0.257683, 29.2339)) == "#ff0000"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_pair_reaches_4_5_to_1(scheme: str) -> None:
    colors = SCHEMES[scheme]
    weak = {
        (a, b): round(contrast(colors[a], colors[b]), 2)
        for a, b in TEXT
        if contrast(colors[a], colors[b]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_controls_and_focus_reach_3_to_1(scheme: str) -> None:
    colors = SCHEMES[scheme]
    weak = {
        (a, b): round(contrast(colors[a], colors[b]), 2)
        for a, b in EDGES
        if contrast(colors[a], colors[b]) < 3
    }
    assert weak == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_color_lies_outside_what_common_screens_show(scheme: str) -> None:
    outside = {
        name: [round(part, 3) for part in linear_rgb(color)]
        for name, color in SCHEMES[scheme].items()
        if not all(-0.003 <= part <= 1.003 for part in linear_rgb(color))
    }
    assert outside == {}


def test_both_schemes_define_the_same_colors() -> None:
    assert set(_scheme(_rest)) == set(SCHEMES["light"])


def test_the_signal_color_belongs_to_safety_alerts_alone() -> None:
    users = {path.name for path in (STATIC / "css").rglob("*.css") if "--signal" in path.read_text()}
    assert users == {"tokens.css", "alert.css"}


def test_colors_are_named_in_the_tokens_and_nowhere_else() -> None:
    stray = {
        path.name
        for path in (STATIC / "css").rglob("*.css")
        if path.name not in ("tokens.css", "print.css")
        and re.search(r"oklch\(\d|#[0-9a-f]{3,8}\b|rgba?\(", path.read_text())
    }
    assert stray == set()


def test_the_browser_frame_has_the_color_of_the_paper() -> None:
    base = (STATIC.parent / "templates" / "layouts" / "base.html").read_text()
    for scheme, colors in SCHEMES.items():
        assert f'(prefers-color-scheme: {scheme})" content="{as_hex(colors["paper"])}"' in base
