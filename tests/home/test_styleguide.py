"""The styleguide shows every component, in development only; error pages stand without a database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from forum import create_app
from forum.config import Config
from forum.core.assets import STATIC
from forum.core.errors import PAGES
from forum.home import styleguide
from tests.pages import Client, Page

pytestmark = pytest.mark.once


def _app(folder: Path, environment: str, **settings: str) -> Flask:
    config = Config(environment=environment, secret_key="k" * 64, instance_dir=folder, **settings).completed()
    app = create_app(config)
    app.test_client_class = Client
    if styleguide.blueprint.name not in app.blueprints:
        styleguide.init_app(app)
    return app


@pytest.fixture
def development(tmp_path: Path) -> Flask:
    return _app(tmp_path, "development")


def test_the_styleguide_is_for_development_only(tmp_path: Path) -> None:
    assert _app(tmp_path, "test").test_client().get("/styleguide/").status_code == 404


def test_it_shows_every_component(development: Flask) -> None:
    html = development.test_client().page("/styleguide/").html
    used = set(re.findall(r'class="([^"]*)"', html))
    words = {word for classes in used for word in classes.split()}
    missing = {
        path.stem
        for path in (STATIC / "css" / "components").glob("*.css")
        if not words & set(re.findall(r"^\.([\w-]+)", path.read_text(), flags=re.MULTILINE))
    }
    assert missing == set()


@pytest.mark.parametrize("query", ("direction=rtl", "layout=desk"))
def test_it_shows_the_other_direction_and_the_desk(development: Flask, query: str) -> None:
    html = development.test_client().page(f"/styleguide/?{query}").html
    assert ('dir="rtl"' in html) == ("rtl" in query)
    assert ('class="desk"' in html) == ("desk" in query)


@pytest.mark.parametrize("status", PAGES)
def test_an_error_page_needs_no_database(tmp_path: Path, status: int) -> None:
    app = _app(tmp_path, "development")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:////nowhere/at/all.db"
    client = app.test_client()
    client.lint = False
    client.set_cookie("session", "whatever a browser kept")
    response = client.get(f"/styleguide/errors/{status}")
    page = Page(response.get_data(as_text=True))
    assert response.status_code == status
    assert len(page.all("h1")) == 1
    assert "/" in page.links()
    assert "911" in page.text()
    assert not page.all("form")
