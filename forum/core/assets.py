"""Static files under names that change with their content, compressed once, served as immutable.

All of ``static/css`` becomes one stylesheet, ``town.css``, in which a file's folder is its cascade layer; every other
file keeps its place. A template asks for ``asset_url("town.css")`` or ``asset_url("js/forms.js")``.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import os
import posixpath
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.headers import Headers

import brotli  # type: ignore[import-untyped]  # it ships no types
from flask import Flask
from whitenoise import WhiteNoise

from forum.core import clock

STATIC = Path(__file__).resolve().parents[2] / "static"
BUNDLE = "town.css"
LAYERS = ("reset", "tokens", "layouts", "components", "pages")
PREFIX = "/static/"
SERVED = {".css", ".js", ".svg", ".woff2", ".png", ".webp", ".json"}
COMPRESSED = {".css", ".js", ".svg", ".json"}
# A page that was open before an update may still ask for the names it knew.
KEPT_SECONDS = 7 * 24 * 3600
FINGERPRINTED = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+$")
_URL = re.compile(r"""url\(\s*(["']?)([^"')]+)\1\s*\)""")
_STRING = r"""("[^"]*"|'[^']*')"""
_COMMENT = re.compile(_STRING + r"|/\*.*?\*/", re.DOTALL)
# A space before a colon stays: "a :hover" is not "a:hover".
_IDLE = re.compile(_STRING + r"|\s*([{};,])\s*|(:)\s+|\s+")


class AssetError(LookupError):
    """Raised for a name no file in ``static/`` has: by a template, or by a ``url()`` in a stylesheet."""


class Assets:
    """The published files of one process."""

    def __init__(self, static_dir: Path, out_dir: Path) -> None:
        self.static_dir, self.out_dir = static_dir, out_dir
        self._stamp = newest_change(static_dir)
        self._names = build_assets(static_dir, out_dir)

    def refresh(self) -> None:
        """Publish again when a source file has changed since the last time."""
        if (stamp := newest_change(self.static_dir)) != self._stamp:
            self._stamp, self._names = stamp, build_assets(self.static_dir, self.out_dir)

    def url(self, name: str) -> str:
        """The address of *name* (its path below ``static/``); raises AssetError when there is no such file."""
        try:
            return PREFIX + self._names[name]
        except KeyError:
            raise AssetError(f"static/ holds no file {name!r}") from None


def init_app(app: Flask) -> None:
    """Publish ``static/`` into the instance's ``assets/``, serve it before Flask, and give templates ``asset_url``."""
    config = app.config["FORUM"]
    out_dir = Path(config.instance_dir) / "assets"
    assets = Assets(STATIC, out_dir)
    if config.debug:
        app.before_request(assets.refresh)
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset_url"] = assets.url
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(out_dir),
        prefix=PREFIX,
        autorefresh=config.debug,
        allow_all_origins=False,
        add_headers_function=_add_headers,
        immutable_file_test=lambda path, url: bool(FINGERPRINTED.search(url)),
    )


def build_assets(static_dir: Path, out_dir: Path) -> dict[str, str]:
    """Write every served file of *static_dir* to *out_dir*; return the published path for each source path.

    A file that is already there is left alone, so a second call only reads and hashes. Each file appears whole, by
    rename, and one process builds at a time: workers that start together see the same complete folder.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(out_dir):
        published: dict[str, str] = {}
        # Stylesheets last: they name the published paths of the others.
        for name, content in [*_plain_files(static_dir), *_stylesheets(static_dir)]:
            if name.endswith(".css"):
                content = _point_urls(name, content.decode(), published).encode()
            published[name] = _fingerprint(name, content)
            _publish(out_dir, published[name], content)
        _sweep(out_dir, set(published.values()))
    return {_public_name(name): path for name, path in published.items()}


def bundle(css_dir: Path) -> str:
    """Every file of *css_dir* as one stylesheet, each in the cascade layer of its folder (or its own name)."""
    parts = [f"@layer {', '.join(LAYERS)};", (css_dir / "fonts.css").read_text()]
    for layer in LAYERS:
        single = css_dir / f"{layer}.css"
        files = [single] if single.exists() else sorted((css_dir / layer).glob("*.css"))
        parts += [f"@layer {layer} {{ {path.read_text()} }}" for path in files]
    # Written as if it stood in css/, so that "../fonts/" keeps meaning static/fonts/.
    return squeeze("\n".join(parts))


def squeeze(css: str) -> str:
    """*css* without comments and idle white space; strings and the spaces that ``calc()`` needs stay."""
    bare = _COMMENT.sub(lambda match: match[1] or "", css)
    return _IDLE.sub(lambda match: match[1] or match[2] or match[3] or " ", bare).replace(";}", "}").strip()


def newest_change(static_dir: Path) -> float:
    """The latest modification time (seconds since the epoch) below *static_dir*, folders included."""
    return max(path.stat().st_mtime for path in static_dir.rglob("*"))


def _public_name(name: str) -> str:
    return BUNDLE if name == f"css/{BUNDLE}" else name


def _plain_files(static_dir: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(static_dir.rglob("*")):
        if path.suffix in SERVED - {".css"} and path.is_file():
            yield path.relative_to(static_dir).as_posix(), path.read_bytes()


def _stylesheets(static_dir: Path) -> Iterator[tuple[str, bytes]]:
    yield f"css/{BUNDLE}", bundle(static_dir / "css").encode()
    for path in sorted(static_dir.rglob("*.css")):
        if not path.is_relative_to(static_dir / "css"):
            yield path.relative_to(static_dir).as_posix(), path.read_bytes()


def _point_urls(name: str, css: str, published: dict[str, str]) -> str:
    folder = posixpath.dirname(name)

    def pointed(match: re.Match[str]) -> str:
        target = match[2]
        if target.startswith(("#", "data:")):
            return match[0]
        source = posixpath.normpath(posixpath.join(folder, target))
        if source not in published:
            raise AssetError(f"static/{name} refers to {target!r}, which is not there")
        return f'url("{posixpath.relpath(published[source], folder)}")'

    return _URL.sub(pointed, css)


def _fingerprint(name: str, content: bytes) -> str:
    stem, suffix = posixpath.splitext(name)
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{suffix}"


def _publish(out_dir: Path, name: str, content: bytes) -> None:
    target = out_dir / name
    if Path(name).suffix in COMPRESSED:
        _write_once(out_dir, Path(f"{target}.gz"), lambda: gzip.compress(content, 9, mtime=0))
        _write_once(out_dir, Path(f"{target}.br"), lambda: brotli.compress(content, quality=11))
    _write_once(out_dir, target, lambda: content)


def _write_once(out_dir: Path, target: Path, make: Callable[[], bytes]) -> None:
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the folder, not in it: WhiteNoise of another worker may be listing it now.
    temporary = out_dir.with_name(f"{out_dir.name}.{os.getpid()}.tmp")
    temporary.write_bytes(make())
    os.replace(temporary, target)


def _sweep(out_dir: Path, current: set[str]) -> None:
    """Remove what no page of the last week can ask for."""
    oldest = clock.now().timestamp() - KEPT_SECONDS
    for path in out_dir.rglob("*"):
        name = path.relative_to(out_dir).as_posix().removesuffix(".gz").removesuffix(".br")
        if path.is_file() and name not in current and path.stat().st_mtime < oldest:
            path.unlink()


@contextmanager
def _one_at_a_time(out_dir: Path) -> Iterator[None]:
    with out_dir.with_name(f"{out_dir.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _add_headers(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
