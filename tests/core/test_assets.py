"""Published files: named by content, compressed, whole, and found again by every worker."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask

from forum.core import clock
from forum.core.assets import KEPT_SECONDS, STATIC, AssetError, Assets, build_assets


@pytest.fixture
def source(tmp_path: Path) -> Path:
    static = tmp_path / "static"
    (static / "css" / "components").mkdir(parents=True)
    (static / "fonts").mkdir()
    (static / "js").mkdir()
    (static / "css" / "fonts.css").write_text('@font-face { src: url("../fonts/a.woff2"); }')
    (static / "css" / "tokens.css").write_text(":root { --ink: oklch(23% 0.018 255); }")
    (static / "css" / "components" / "button.css").write_text(".button { color: var(--ink); }")
    (static / "fonts" / "a.woff2").write_bytes(b"font")
    (static / "fonts" / "README.md").write_text("not served")
    (static / "js" / "forms.js").write_text("export {};")
    return static


def _files(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_name_changes_with_its_content_and_only_then(source: Path, tmp_path: Path) -> None:
    first = build_assets(source, tmp_path / "assets")
    (source / "js" / "forms.js").write_text("export const changed = 1;")
    second = build_assets(source, tmp_path / "assets")
    assert re.fullmatch(r"js/forms\.[0-9a-f]{12}\.js", first["js/forms.js"])
    assert first["js/forms.js"] != second["js/forms.js"]
    assert first["town.css"] == second["town.css"]


def test_the_stylesheet_points_at_published_fonts(source: Path, tmp_path: Path) -> None:
    names = build_assets(source, tmp_path / "assets")
    css = (tmp_path / "assets" / names["town.css"]).read_text()
    target = re.search(r'url\("([^"]+)"\)', css)
    assert target
    assert ((tmp_path / "assets" / names["town.css"]).parent / target[1]).resolve().read_bytes() == b"font"


def test_compressed_copies_hold_the_same_bytes(source: Path, tmp_path: Path) -> None:
    names = build_assets(source, tmp_path / "assets")
    plain = tmp_path / "assets" / names["town.css"]
    assert gzip.decompress(Path(f"{plain}.gz").read_bytes()) == plain.read_bytes()
    assert brotli.decompress(Path(f"{plain}.br").read_bytes()) == plain.read_bytes()


def test_a_second_build_writes_nothing(source: Path, tmp_path: Path) -> None:
    build_assets(source, tmp_path / "assets")
    before = _files(tmp_path / "assets")
    build_assets(source, tmp_path / "assets")
    assert _files(tmp_path / "assets") == before


def test_what_nobody_asks_for_is_not_published(source: Path, tmp_path: Path) -> None:
    assert "fonts/README.md" not in build_assets(source, tmp_path / "assets")


def test_old_names_stay_for_open_pages_and_then_go(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "assets"
    old = out / build_assets(source, out)["js/forms.js"]
    (source / "js" / "forms.js").write_text("export const changed = 1;")
    build_assets(source, out)
    assert old.exists()
    long_ago = clock.now().timestamp() - KEPT_SECONDS - 60
    for path in (old, Path(f"{old}.gz"), Path(f"{old}.br")):
        os.utime(path, (long_ago, long_ago))
    build_assets(source, out)
    assert not [path for path in _files(out) if path.startswith(old.relative_to(out).as_posix())]


def test_a_missing_file_is_named(source: Path, tmp_path: Path) -> None:
    assets = Assets(source, tmp_path / "assets")
    with pytest.raises(AssetError, match=r"js/form\.js"):
        assets.url("js/form.js")
    (source / "css" / "fonts.css").write_text('@font-face { src: url("../fonts/gone.woff2"); }')
    with pytest.raises(AssetError, match="gone"):
        build_assets(source, tmp_path / "assets")


def test_a_changed_source_is_seen_in_development(source: Path, tmp_path: Path) -> None:
    assets = Assets(source, tmp_path / "assets")
    before = assets.url("town.css")
    sheet = source / "css" / "components" / "button.css"
    sheet.write_text(".button { color: red; }")
    os.utime(sheet, (sheet.stat().st_mtime + 5,) * 2)
    assets.refresh()
    assert assets.url("town.css") != before
    assert (tmp_path / "assets" / assets.url("town.css").removeprefix("/static/")).exists()


def _build(arguments: tuple[Path, Path]) -> dict[str, str]:
    return build_assets(*arguments)


def test_workers_that_start_together_publish_the_same_whole_files(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        results = pool.map(_build, [(STATIC, tmp_path / "assets")] * 2)
    assert results[0] == results[1]
    for path in results[0].values():
        assert (tmp_path / "assets" / path).stat().st_size > 0
    assert not list(tmp_path.glob("*.tmp"))


def test_they_are_served_compressed_for_a_year_and_nothing_guesses_their_type(site_app: Flask) -> None:
    address = site_app.extensions["assets"].url("town.css")
    answer = site_app.test_client().get(address, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == "text/css"
    assert b".button" in brotli.decompress(answer.data)
