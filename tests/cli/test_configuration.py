"""Settings: the table in the handbook is complete, and what is wrong is said in words."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from forum.config import Config, ConfigError

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
COMPLETE = {
    "FORUM_SECRET_KEY": "k" * 40,
    "FORUM_BASE_URL": "https://forum.example.org",
    "FORUM_SMTP_URL": "smtp://127.0.0.1:2525",
    "FORUM_MAIL_FROM": "no-reply@example.org",
}


def flask(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**inherited, **environment}, capture_output=True, text=True, timeout=120
    )


def test_the_handbook_lists_every_setting_with_its_default() -> None:
    rows = dict(
        re.findall(r"^\| `FORUM_(\w+)` \| (.+?) \|", (ROOT / "docs/configuration.md").read_text(), re.M)
    )
    assert set(rows) == {field.name.upper() for field in dataclasses.fields(Config)}
    for field in dataclasses.fields(Config):
        stated = rows[field.name.upper()]
        if stated.startswith("`") and stated.endswith("`") and "PORT" not in stated:
            default = field.default
            plain = ",".join(default) if isinstance(default, tuple) else str(default)
            assert stated.strip("`") == plain


def test_production_names_everything_that_is_missing() -> None:
    with pytest.raises(ConfigError) as raised:
        Config.from_env({})
    assert len(raised.value.problems) == 4
    assert all(problem.endswith(".") for problem in raised.value.problems)


@pytest.mark.parametrize("words", ("neighborhoods", "events import", "serve", "db"))
def test_help_needs_no_settings_and_leaves_nothing_behind(words: str, tmp_path: Path) -> None:
    done = flask(*words.split(), "--help", FORUM_INSTANCE_DIR=str(tmp_path / "instance"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage:" in done.stdout
    assert not (tmp_path / "instance").exists()


def test_a_misspelled_setting_is_refused() -> None:
    with pytest.raises(ConfigError, match="FORUM_SECRET_KEI is not a setting"):
        Config.from_env({**COMPLETE, "FORUM_SECRET_KEI": "x"})


@pytest.mark.parametrize(
    ("variable", "value"),
    (
        ("FORUM_PORT", "eighty"),
        ("FORUM_PORT", "70000"),
        ("FORUM_AGENCY_ZONE", "Chicago"),
        ("FORUM_BASE_URL", "ftp://x"),
        ("FORUM_LANGUAGES", "es"),
        ("FORUM_MAP_TILES", "https://tiles.example.org/"),
        ("FORUM_SECRET_KEY", "short"),
        ("FORUM_SECRET_KEY_FILE", "/nowhere/at/all"),
        ("FORUM_ENVIRONMENT", "prod"),
    ),
)
def test_a_value_that_cannot_serve_is_named(variable: str, value: str) -> None:
    with pytest.raises(ConfigError, match=variable):
        Config.from_env({**COMPLETE, variable: value})


def test_a_secret_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s" * 40 + "\n")
    given = {name: value for name, value in COMPLETE.items() if name != "FORUM_SECRET_KEY"}
    config = Config.from_env({**given, "FORUM_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert config.secret_key == "s" * 40


def test_no_secret_is_in_the_settings_printed_form() -> None:
    shown = repr(Config.from_env({**COMPLETE, "FORUM_METRICS_TOKEN": "metrics-token"}))
    assert "kkkk" not in shown
    assert "2525" not in shown
    assert "metrics-token" not in shown


def test_the_command_says_in_words_what_is_wrong(tmp_path: Path) -> None:
    broken = flask("config", "check", FORUM_INSTANCE_DIR=str(tmp_path))
    assert broken.returncode != 0
    assert "FORUM_BASE_URL is missing" in broken.stderr
    assert "Traceback" not in broken.stderr


def test_the_command_lists_settings_without_secrets(tmp_path: Path) -> None:
    fine = flask("config", "check", FORUM_INSTANCE_DIR=str(tmp_path), **COMPLETE)
    assert fine.returncode == 0, fine.stderr
    assert "These settings can serve." in fine.stdout
    assert "FORUM_BASE_URL" in fine.stdout
    assert "kkkk" not in fine.stdout
    assert "2525" not in fine.stdout
