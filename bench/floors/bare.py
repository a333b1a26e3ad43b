"""Floor (a): a bare Flask view."""

from __future__ import annotations

from flask import Flask

app = Flask("bare")


@app.get("/")
def index() -> str:
    return "Hello."
