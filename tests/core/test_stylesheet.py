"""House rules of the look: small, logical, layered, one stylesheet a component, one icon a name."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from forum.core.assets import LAYERS, STATIC, bundle, squeeze

pytestmark = pytest.mark.once

CSS = STATIC / "css"
TEMPLATES = STATIC.parent / "templates"
SHEETS = sorted(CSS.rglob("*.css"))
SOURCES = [*TEMPLATES.rglob("*.html"), *(STATIC.parent / "forum").rglob("*.py")]
# Sides that a right-to-left page would have to undo. Transforms turn by :dir(rtl) where they point somewhere.
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding|inset)-(?:left|right|top|bottom)"
    r"|(?:left|right|top|bottom|width|height|(?:min|max)-(?:width|height))(?=\s*:)"
    r"|border-(?:top|bottom)-(?:left|right)-radius|text-align:\s*(?:left|right)|float:\s*(?:left|right))"
)


def _plain(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


def test_the_whole_stylesheet_is_under_15_kilobytes_compressed() -> None:
    assert len(gzip.compress(bundle(CSS).encode(), 9)) < 15_000


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sides_are_logical(path: Path) -> None:
    without_queries = re.sub(r"\((?:min|max)-(?:width|height):[^)]*\)", "", _plain(path))
    assert PHYSICAL.findall(without_queries) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_custom_property_that_is_used_is_defined(path: Path) -> None:
    defined = set(re.findall(r"(--[\w-]+):", "".join(map(_plain, SHEETS))))
    used = set(re.findall(r"var\((--[\w-]+)", _plain(path)))
    assert used - defined == set()


def test_the_layers_come_in_the_order_that_decides_ties() -> None:
    css = bundle(CSS)
    assert css.startswith(f"@layer {','.join(LAYERS)};")
    places = [css.index(f"@layer {layer}{{") for layer in LAYERS if f"@layer {layer}{{" in css]
    assert places == sorted(places)


def test_each_component_has_a_template_and_a_stylesheet_of_one_name() -> None:
    sheets = {path.stem for path in (CSS / "components").glob("*.css")}
    macros = {path.stem for path in (TEMPLATES / "components").glob("*.html")}
    assert sheets == macros


def test_every_class_a_template_names_is_in_the_stylesheet() -> None:
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", "".join(map(_plain, SHEETS))))
    unknown = {
        (word, path.name)
        for path in TEMPLATES.rglob("*.html")
        if "mail" not in path.relative_to(TEMPLATES).parts
        for classes in re.findall(
            r'class="([^"]*)"', re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
        )
        for word in re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", classes).split()
        if word not in known
    }
    assert unknown == set()


def test_every_component_says_how_it_is_called() -> None:
    silent = [p.name for p in (TEMPLATES / "components").glob("*.html") if not p.read_text().startswith("{#")]
    assert silent == []


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    named = re.compile(
        r"""\b(?:icon|fact)\(\s*["']([\w-]+)["']|icon_name=["']([\w-]+)["']|["']icon["']:\s*["']([\w-]+)["']"""
    )
    missing = {
        (next(filter(None, match)), path.name)
        for path in SOURCES
        for match in named.findall(re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL))
        if next(filter(None, match)) not in _sprite()
    }
    assert missing == set()


def test_the_sprite_holds_no_icon_that_nobody_names() -> None:
    words = "".join(path.read_text() for path in SOURCES)
    assert {name for name in _sprite() if not re.search(rf"""["']{name}["']""", words)} == set()


def _sprite() -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons" / "sprite.svg").read_text()))


def test_squeezing_keeps_strings_sums_and_selectors() -> None:
    css = """/* gone */ a :hover , b { content: "a  /* b */ ; c" ; inline-size: calc(1px + 2px) ; }"""
    assert squeeze(css) == """a :hover,b{content:"a  /* b */ ; c";inline-size:calc(1px + 2px)}"""
