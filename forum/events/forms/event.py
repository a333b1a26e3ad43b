"""The desk's form of an event: what a person types, and the details it means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TelField,
    TimeField,
    URLField,
)
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from forum.core import languages
from forum.core.errors import Refusal
from forum.core.forms import Form, Line, Text, clean_line
from forum.events.forms import repeats
from forum.events.forms.dates import sensible_year
from forum.events.models import Event, RsvpPolicy
from forum.events.operations.changes import version_of
from forum.events.operations.details import EventDetails, details_of
from forum.neighborhoods.queries import neighborhood_choices

KNOWN = (("", _l("Not known")), ("yes", _l("Yes")), ("no", _l("No")))
POLICIES = (
    (RsvpPolicy.WELCOME, _l("Welcome: people may say whether they come")),
    (RsvpPolicy.REQUIRED, _l("Required: places are limited, or someone must prepare")),
    (RsvpPolicy.NONE, _l("None: just come")),
)


def _known(label: Any) -> SelectField:
    return SelectField(label, choices=[SelectChoice(value, words) for value, words in KNOWN])


class EventForm(Form):
    """One event or series. ``details()`` turns it into what operations take."""

    version = HiddenField()
    title = Line(_l("Title"), [InputRequired(_l("Give the event a title."))], most=200)
    kind_id = SelectField(_l("Kind"), coerce=int, validators=[InputRequired()])
    story = Text(
        _l("What it is about"),
        description=_l("Plain text or Markdown. What happens, who will be there, what to bring."),
        most=20_000,
    )
    language = SelectField(_l("Language spoken"))

    starts_on = DateField(_l("Date"), [InputRequired(_l("Choose the date.")), sensible_year])
    all_day = BooleanField(_l("All day"), description=_l("Then leave the two times empty."))
    starts = TimeField(_l("Starts"), [Optional()])
    ends = TimeField(_l("Ends"), [Optional()])
    ends_on = DateField(
        _l("Last date"), [Optional(), sensible_year], description=_l("Only when it ends on another day.")
    )
    zone = Line(_l("Time zone"), most=64, description=_l("An IANA name such as America/Chicago."))

    repeats = SelectField(
        _l("Repeats"), choices=[SelectChoice(code, words) for code, words in repeats.CHOICES]
    )
    custom_rule = Line(
        _l("Own rule"),
        most=255,
        description=_l("RFC 5545, such as FREQ=MONTHLY;BYDAY=2TU,4TU. Only with “Own rule” above."),
    )
    until = DateField(_l("Repeats until"), [Optional()])
    count = IntegerField(_l("Or this many dates"), [Optional(), NumberRange(1, 400, _l("From 1 to 400."))])
    extra = Text(_l("Extra dates"), most=2000, description=_l("One date a line, like 2026-12-03."))
    skipped = Text(_l("Dates left out"), most=2000, description=_l("One date a line: holidays, breaks."))

    neighborhoods = SelectMultipleField(
        _l("Neighborhoods"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("None means city-wide."),
    )
    place_name = Line(_l("Place"), most=200, description=_l("Like “Pulaski Park fieldhouse”."))
    place_address = Line(_l("Address"), most=255)
    latitude = DecimalField(_l("Latitude"), [Optional(), NumberRange(-90, 90)], places=6)
    longitude = DecimalField(_l("Longitude"), [Optional(), NumberRange(-180, 180)], places=6)
    online_url = URLField(_l("Link to join online"), [Optional(), Length(max=500)], filters=[clean_line])
    transit = Line(_l("How to get there"), most=255)

    step_free = _known(_l("Step-free entrance"))
    childcare = _known(_l("Childcare"))
    quiet_space = _known(_l("Quiet space"))
    interpreter = Line(_l("Interpreters"), most=200, description=_l("Languages, in words: Spanish, Polish."))

    hosts = Line(
        _l("Hosts"),
        most=255,
        description=_l("Roles and groups rather than names: the beat sergeant, a block club."),
    )
    contact_email = EmailField(
        _l("Contact e-mail"),
        [Optional(), Email(_l("Enter an e-mail address like name@example.org.")), Length(max=254)],
        filters=[clean_line],
        description=_l("A role address; everybody sees it."),
    )
    contact_phone = TelField(_l("Contact telephone"), [Length(max=60)], filters=[clean_line])

    rsvp_policy = RadioField(_l("Answers"), choices=[SelectChoice(str(p), words) for p, words in POLICIES])
    capacity = IntegerField(
        _l("Places"),
        [Optional(), NumberRange(1, 100_000, _l("A number from 1, or empty for no limit."))],
        description=_l("People, not answers. Empty means no limit."),
    )
    picture = FileField(_l("Picture"), description=_l("JPEG, PNG, WebP or GIF, 8 MB at most."))
    picture_alt = Line(_l("What the picture shows"), most=300, description=_l("For who cannot see it."))
    remove_picture = BooleanField(_l("Remove the picture"))

    def validate_zone(self, field: Line) -> None:
        if field.data and field.data not in available_timezones():
            raise ValidationError(_("There is no such time zone. It looks like America/Chicago."))

    def validate_online_url(self, field: URLField) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(_("The link must start with https://"))

    def validate_picture_alt(self, field: Line) -> None:
        if self.picture.data and not field.data:
            raise ValidationError(_("Say in a few words what the picture shows."))

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields one by one, then what holds between them (a field left empty skips its own checks)."""
        passed = super().validate(extra_validators)
        for field, message in self._faults_between():
            field.errors = [*field.errors, message]
            passed = False
        return passed

    def _faults_between(self) -> Iterator[tuple[Field, str]]:
        if not self.all_day.data and self.starts.data is None and not self.starts.errors:
            yield self.starts, _("Give the time it starts, or choose “All day”.")
        if not self.all_day.data and self.ends.data is None and not self.ends.errors:
            yield self.ends, _("Give the time it ends.")
        if (self.longitude.data is None) != (self.latitude.data is None):
            yield self.longitude, _("Give both latitude and longitude, or neither.")

    def offer(self, kinds: list[tuple[int, str]], zone: str) -> None:
        """Fill the lists that live in the database."""
        self.kind_id.choices = [SelectChoice(id_, name) for id_, name in kinds]
        self.neighborhoods.choices = [SelectChoice(id_, name) for id_, name in neighborhood_choices()]
        self.language.choices = [SelectChoice(tag, name) for tag, name in languages.offered()]
        if self.language.data and self.language.data not in dict(languages.offered()):
            self.language.choices.append(
                SelectChoice(self.language.data, languages.language_name(self.language.data))
            )
        self.zone.data = self.zone.data or zone

    def details(self, picture: str = "") -> EventDetails:
        """What the operation takes; *picture* is the stored name or empty. Raises Refusal for unreadable dates."""
        first, last = self._moments()
        return EventDetails(
            title=self.title.data or "",
            kind_id=self.kind_id.data,
            zone=self.zone.data or "UTC",
            starts_local=first,
            ends_local=last,
            story=self.story.data or "",
            language=self.language.data or "en",
            all_day=bool(self.all_day.data),
            rrule=self.rule(),
            extra_starts=self._dates(self.extra, "extra"),
            skipped_starts=self._dates(self.skipped, "skipped"),
            neighborhood_ids=tuple(self.neighborhoods.data or ()),
            place_name=self.place_name.data or "",
            place_address=self.place_address.data or "",
            latitude=_number(self.latitude.data),
            longitude=_number(self.longitude.data),
            online_url=self.online_url.data or "",
            step_free=_told(self.step_free),
            childcare=_told(self.childcare),
            quiet_space=_told(self.quiet_space),
            interpreter=self.interpreter.data or "",
            transit=self.transit.data or "",
            hosts=self.hosts.data or "",
            contact_email=self.contact_email.data or "",
            contact_phone=self.contact_phone.data or "",
            picture=picture,
            picture_alt=self.picture_alt.data or "" if picture else "",
            rsvp_policy=RsvpPolicy(self.rsvp_policy.data),
            capacity=self.capacity.data,
        )

    def rule(self) -> str | None:
        """The RRULE that is meant, or None for a single event."""
        first, _last = self._moments()
        return repeats.rule(
            self.repeats.data,
            self.custom_rule.data or "",
            first,
            ZoneInfo(self.zone.data or "UTC"),
            until=self.until.data,
            count=self.count.data,
            all_day=bool(self.all_day.data),
        )

    def _moments(self) -> tuple[datetime, datetime]:
        day = self.starts_on.data
        last_day = self.ends_on.data or day
        if self.all_day.data:
            return datetime.combine(day, time.min), datetime.combine(last_day, time.min) + timedelta(days=1)
        start, end = datetime.combine(day, self.starts.data), datetime.combine(last_day, self.ends.data)
        if end <= start and self.ends_on.data is None:
            end += timedelta(days=1)  # "10 pm to 1 am"
        return start, end

    def _dates(self, field: Text, name: str) -> tuple[datetime, ...]:
        at = time.min if self.all_day.data else self.starts.data
        found = []
        for line in (field.data or "").replace(",", "\n").split("\n"):
            if not line.strip():
                continue
            try:
                found.append(datetime.combine(date.fromisoformat(line.strip()), at))
            except ValueError as error:
                raise Refusal(
                    _("“%(line)s” is not a date like 2026-12-03.", line=line.strip()[:40]), name
                ) from error
        return tuple(sorted(set(found)))


def form_values(event: Event, details: EventDetails | None = None) -> dict[str, Any]:
    """The form's data for an existing event, or for *details* that are to become a part of it."""
    now = details or details_of(event)
    last = (now.ends_local - timedelta(minutes=1)).date() if now.all_day else now.ends_local.date()
    copied = (
        "title",
        "kind_id",
        "story",
        "language",
        "all_day",
        "zone",
        "place_name",
        "place_address",
        "latitude",
        "longitude",
        "online_url",
        "transit",
        "interpreter",
        "hosts",
        "contact_email",
        "contact_phone",
        "capacity",
        "picture_alt",
    )
    return (
        {name: getattr(now, name) for name in copied}
        | repeats.values(now.pattern)
        | {
            "version": version_of(event),
            "starts_on": now.starts_local.date(),
            "starts": None if now.all_day else now.starts_local.time(),
            "ends": None if now.all_day else now.ends_local.time(),
            "ends_on": last if last != now.starts_local.date() else None,
            "extra": _lines(now.extra_starts),
            "skipped": _lines(now.skipped_starts),
            "neighborhoods": list(now.neighborhood_ids),
            "rsvp_policy": str(now.rsvp_policy),
            **{
                name: {None: "", True: "yes", False: "no"}[getattr(now, name)]
                for name in ("step_free", "childcare", "quiet_space")
            },
        }
    )


def _lines(starts: tuple[datetime, ...]) -> str:
    return "\n".join(start.date().isoformat() for start in starts)


def _told(field: SelectField) -> bool | None:
    return {"yes": True, "no": False}.get(field.data)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
