"""An installation that reads replies."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def reads_replies(site_app: Flask) -> Iterator[None]:
    before = site_app.config["FORUM"]
    site_app.config["FORUM"] = dataclasses.replace(before, mail_reply_address="RSVP@town.example")
    yield
    site_app.config["FORUM"] = before
