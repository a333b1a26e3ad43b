"""Settings: one frozen dataclass, read from ``FORUM_*`` variables (docs/configuration.md has the table).

A secret may be given as a file: ``FORUM_SECRET_KEY_FILE=/run/secrets/key`` is read and stripped.
"""

from __future__ import annotations

import dataclasses
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import click

ENVIRONMENTS = ("production", "demonstration", "development", "test")


class ConfigError(click.ClickException, ValueError):
    """Raised by :meth:`Config.from_env` with every problem, one sentence each, in ``problems``.

    Any ``flask`` command ends with these sentences instead of a traceback.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every setting of one installation. Times are in seconds unless a name says otherwise."""

    environment: str = "production"
    secret_key: str = field(default="", repr=False)
    base_url: str = ""
    instance_dir: Path = Path("instance")
    database_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    mail_reply_address: str = ""
    answer_mail_pause: int = 15
    trusted_proxies: int = 0
    languages: tuple[str, ...] = ("en", "es")
    translations: str = ""
    agency_name: str = "Police Department"
    agency_zone: str = "America/Chicago"
    agency_country: str = "US"
    agency_emergency_number: str = "911"
    agency_office_hours: str = ""
    agency_contact: str = ""
    agency_phone: str = ""
    agency_tip_line: str = ""
    concern_keep_days: int = 365
    concern_picture_days: int = 90
    map_tiles: str = ""
    map_attribution: str = ""
    log_level: str = "INFO"
    metrics_token: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Config:
        """Read ``FORUM_*`` from *env* (the process's own by default); raise ConfigError when it cannot serve."""
        source = os.environ if env is None else env
        values, problems = _read(source)
        config = cls(**values)
        problems += config.problems()
        if problems:
            raise ConfigError(problems)
        return config.completed()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.agency_zone)

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def debug(self) -> bool:
        return self.environment == "development"

    @property
    def secure(self) -> bool:
        """True when people reach the site by https: cookies are then ``Secure`` and carry ``__Host-``."""
        return self.base_url.startswith("https://")

    @property
    def domain(self) -> str:
        """The host name mail and calendars are signed with, without a port."""
        return urlsplit(self.base_url).hostname or "localhost"

    def problems(self) -> list[str]:
        """What keeps this configuration from serving, in words; an empty list when nothing does."""
        found = list(_shape_problems(self))
        if self.production:
            found += _production_problems(self)
        return found

    def completed(self) -> Config:
        """The same settings with what outside production may be left out: a stored key, SQLite, a local address."""
        instance = self.instance_dir.resolve()
        nameless = self.environment == "demonstration" and self.agency_name == Config.agency_name
        return dataclasses.replace(
            self,
            agency_name="Chicago demonstration" if nameless else self.agency_name,
            agency_tip_line=self.agency_tip_line
            or ("tel:+1-312-555-0142" if nameless else ""),  # nobody's number
            instance_dir=instance,
            secret_key=self.secret_key or _stored_key(instance),
            base_url=(self.base_url or f"http://localhost:{self.port}").rstrip("/"),
            database_url=self.database_url or f"sqlite:///{instance / 'forum.db'}",
            mail_from=self.mail_from or f"no-reply@{urlsplit(self.base_url).hostname or 'localhost'}",
        )


def _read(env: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems: list[str] = []
    known = {f.name: f for f in dataclasses.fields(Config)}
    for variable in sorted(v for v in env if v.startswith("FORUM_") and not v.startswith("FORUM_TEST_")):
        name, raw = variable[6:].lower(), env[variable]
        if name.endswith("_file") and name[:-5] in known:
            name = name[:-5]
            try:
                raw = Path(raw).read_text().strip()
            except OSError as error:
                problems.append(f"{variable} names a file that cannot be read: {error.strerror}.")
                continue
        if name not in known:
            problems.append(f"{variable} is not a setting; docs/configuration.md lists them.")
            continue
        try:
            values[name] = _convert(known[name].default, raw)
        except ValueError:
            problems.append(f"{variable} must be a whole number, not “{raw}”.")
    return values, problems


def _convert(default: object, raw: str) -> object:
    if isinstance(default, int):
        return int(raw)
    if isinstance(default, Path):
        return Path(raw)
    if isinstance(default, tuple):
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    return raw


def _shape_problems(config: Config) -> list[str]:
    found = []
    if config.environment not in ENVIRONMENTS:
        found.append(
            f"FORUM_ENVIRONMENT must be one of {', '.join(ENVIRONMENTS)}, not “{config.environment}”."
        )
    if config.agency_zone not in available_timezones():
        found.append(
            f"FORUM_AGENCY_ZONE “{config.agency_zone}” is not an IANA time zone such as America/Chicago."
        )
    if not re.fullmatch("[A-Z]{2}", config.agency_country):
        found.append("FORUM_AGENCY_COUNTRY must be two capital letters (ISO 3166), such as US.")
    if config.base_url and urlsplit(config.base_url).scheme not in ("http", "https"):
        found.append("FORUM_BASE_URL must start with https:// (or http:// outside production).")
    if not 30 <= config.concern_picture_days <= config.concern_keep_days:
        found.append("FORUM_CONCERN_PICTURE_DAYS must be at least 30, and at most FORUM_CONCERN_KEEP_DAYS.")
    if not 1 <= config.port <= 65535:
        found.append("FORUM_PORT must lie between 1 and 65535.")
    if config.agency_tip_line and urlsplit(config.agency_tip_line).scheme not in ("https", "tel"):
        found.append("FORUM_AGENCY_TIP_LINE must start with https:// or tel:, such as tel:+1-800-555-0100.")
    if not config.languages or "en" not in config.languages:
        found.append("FORUM_LANGUAGES must contain en.")
    if config.mail_reply_address and not re.fullmatch(r"[^\s@+<>]+@[^\s@<>]+", config.mail_reply_address):
        found.append(
            "FORUM_MAIL_REPLY_ADDRESS must be a bare address without a “+”, such as rsvp@example.gov."
        )
    if not 0 <= config.answer_mail_pause <= 600:
        found.append("FORUM_ANSWER_MAIL_PAUSE must lie between 0 and 600 seconds.")
    if config.map_tiles and not config.map_tiles.startswith("/"):
        found.append(
            "FORUM_MAP_TILES must be a path on this site's own origin, such as /tiles/{z}/{x}/{y}.png."
        )
    if config.map_tiles and not config.map_attribution:
        found.append("FORUM_MAP_ATTRIBUTION must say whom the tiles of FORUM_MAP_TILES come from.")
    return found


def _production_problems(config: Config) -> list[str]:
    found = []
    if len(config.secret_key) < 32:
        found.append(
            "FORUM_SECRET_KEY is missing or shorter than 32 characters; `python -c "
            "'import secrets; print(secrets.token_urlsafe(48))'` makes one."
        )
    if not config.secure:
        found.append(
            "FORUM_BASE_URL is missing or not https: links in mail and calendars need the public address."
        )
    if not config.smtp_url:
        found.append(
            "FORUM_SMTP_URL is missing: without mail nobody can confirm an account or hear of a change."
        )
    if not config.mail_from:
        found.append("FORUM_MAIL_FROM is missing: mail needs a sender of your own domain.")
    return found


def _stored_key(instance: Path) -> str:
    """The installation's own random key, made once and kept beside the data with mode 0600."""
    path = instance / "secret-key"
    instance.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
