"""What languages are called."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.core.languages import capitalized, language_name


@pytest.mark.parametrize(
    ("page", "tag", "name"),
    [
        ("en", "ht", "Haitian Creole"),
        ("es", "ht", "criollo haitiano"),
        ("en", "tl", "Tagalog"),
        ("en", "es-MX", "Spanish (Mexico)"),
        ("en", "xx-nobody", "xx-nobody"),
    ],
)
def test_a_language_is_called_as_the_page_calls_it(site_app: Flask, page: str, tag: str, name: str) -> None:
    with site_app.test_request_context(headers={"Accept-Language": page}):
        assert language_name(tag) == name


def test_a_name_that_stands_alone_begins_large_and_keeps_its_other_letters() -> None:
    assert [capitalized(name) for name in ("criollo haitiano", "Haitian Creole", "")] == [
        "Criollo haitiano",
        "Haitian Creole",
        "",
    ]
