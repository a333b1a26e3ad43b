"""Where the pictures of posts are kept: a folder that no public address reads."""

from __future__ import annotations

from pathlib import Path

from flask import current_app


def folder() -> Path:
    """Where this installation keeps them."""
    path: Path = current_app.config["FORUM"].instance_dir / "post-pictures"
    return path
