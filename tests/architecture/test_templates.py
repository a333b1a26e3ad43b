"""Templates hold words that translators see, and nothing that the content security policy refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, name_of
from tests.catalogs import untranslatable

pytestmark = pytest.mark.once

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Mail programs know no stylesheet of ours: inline styles are the only ones they read.
PAGES = [path for path in TEMPLATES if "mail" not in path.relative_to(ROOT / "templates").parts[:1]]
INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "style element": re.compile(r"<style\b"),
    "handler attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*="),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)"),
    "javascript: address": re.compile(r"javascript:", re.I),
    "another host's file": re.compile(
        r"""<(?:script|link|img|source|iframe)[^>]*(?:src|href)=["'](?:https?:)?//"""
    ),
}
# A value marked safe is one that was rendered and cleaned before it was stored, or that we drew ourselves.
SAFE = {
    "after.minutes.html",
    "event.story_html",
    "minutes.html",
    "occurrence.event.story_html",
    "preview",
    "row.html",
}


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_template_has_nothing_inline(path: Path) -> None:
    source = path.read_text()
    assert [what for what, pattern in INLINE.items() if pattern.search(source)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_nothing_is_marked_safe_that_was_not_cleaned(path: Path) -> None:
    marked = set(re.findall(r"\{\{-?\s*([\w.\[\]\"']+)\s*\|\s*safe\b", path.read_text()))
    assert marked <= SAFE
    assert "autoescape false" not in path.read_text()


def test_every_word_a_person_reads_is_translatable() -> None:
    assert untranslatable.problems() == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_stays_readable(path: Path) -> None:
    if "styleguide" not in path.parts:  # it shows every component once
        assert len(path.read_text().splitlines()) <= 130


def test_a_mail_has_both_parts() -> None:
    mails = ROOT / "templates" / "mail"
    html = {path.relative_to(mails).with_suffix("") for path in mails.rglob("*.html")}
    text = {path.relative_to(mails).with_suffix("") for path in mails.rglob("*.txt")}
    assert html == text


def test_sentences_of_one_paragraph_stand_apart() -> None:
    """A line break after a block tag is taken away, so a sentence in the next line must bring its own blank."""
    ends = re.compile(r"\) \}\}\{% endif %\}\n(?:\{% if [^%]*%\})?(?:<bdi>)?\{\{ (?:_|ngettext)\(")
    assert [
        path.name for path in TEMPLATES if ends.search(path.read_text()) and path.parent.name != "mail"
    ] == []
