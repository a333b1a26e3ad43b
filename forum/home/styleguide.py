"""Every component in every state, on one page: registered in development only.

``/styleguide?direction=rtl`` shows it right to left, ``?layout=desk`` in the frame of the staff desk,
``/styleguide/errors/503`` an error page. What it shows are samples, not words of the site: they are not translated.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Flask, abort, render_template, request
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TimeField,
    widgets,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Email, InputRequired, NumberRange

from forum.core import errors
from forum.core.access import public_uncached
from forum.core.assets import STATIC
from forum.core.differences import differences
from forum.core.forms import Form, Line, Text

blueprint = Blueprint("styleguide", __name__, url_prefix="/styleguide")

ANSWERS = [SelectChoice("going", "Going"), SelectChoice("maybe", "Maybe"), SelectChoice("no", "Can't")]
KINDS = [
    ("Beat meeting", "teal", "circle"),
    ("Town hall", "plum", "square"),
    ("School visit", "ochre", "drop"),
    ("Service project", "moss", "leaf"),
    ("Training", "slate", "bar"),
    ("Coffee with an officer", "clay", "diamond"),
]
WORDS = {
    "title": "Styleguide",
    "alert": "Boil water in Uptown and Edgewater until Friday noon.",
    "updated": "Updated 9:12 am",
    "over_title": "Your neighborhoods: Logan Square, Avondale.",
    "heading": "Streets we walk: lighting on Kedzie",
    "when": "When",
    "where": "Where",
    "who": "People",
    "status": "Status",
    "long_date": "Thursday, December 3, 2026, 6:30 to 7:30 pm",
    "rhythm": "Every second month, first Thursday.",
    "other_dates": "Other dates",
    "place": "Pulaski Park fieldhouse",
    "address": "1419 W. Blackhawk",
    "access": "Step-free from the north door; Blue Line Division, 6 minutes.",
    "hosts": "Hosted by the beat sergeant",
    "help": "Spanish interpreter, children's corner",
    "story": "An evening of crime statistics and prevention tips. Meet your neighbors and your beat officers and, "
    "most of all, say what worries you. We start with what we promised in October and what came of it.",
    "quote": "Cars run the light at Kedzie and Palmer every morning at school time.",
    "coming": "Are you coming?",
    "meter": "41 going, 19 places left of 60",
    "save": "Save my place",
    "calendar": "In your calendar",
    "subscribe": "All Logan Square events",
    "speak": "Say something",
    "raise": "Raise a concern",
    "raise_note": "Openly, privately or without your name",
    "ask": "Ask or discuss",
    "ask_note": "With neighbors and officers",
    "span": "December 3 to 13",
    "events": "Events",
    "search": "Words",
    "kind": "Kind",
    "all": "All kinds",
    "from": "From",
    "count": "14 events from December 3, nearest first",
    "mine": "Mine",
    "unclaimed": "Unclaimed",
    "waiting": "Waiting",
    "roster": "Who comes",
    "changes": "Changes",
    "dates": "Dates",
    "waitlist": "Join the waitlist",
    "cancel": "Cancel the event",
    "draft": "Draft",
    "published": "Published",
    "cancelled": "Cancelled",
    "official": "Officially answered",
    "sergeant": "Sergeant",
    "beats": "beats 1431 to 1434",
    "saved": "Your place is saved. We sent the details to ana@example.org.",
    "note": "Whoever asked to come is told by mail, with the reason you give.",
    "nothing": "No events here in the next four weeks",
    "sure": "Cancel this event?",
    "source": "Boundaries: the city's open data.",
}


class Boxes(SelectMultipleField):
    """Several of a list, one box a line."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class SampleForm(Form):
    """One field of each type."""

    name = Line("Your name", [InputRequired("Write the name people should see.")])
    email = EmailField(
        "E-mail",
        [InputRequired(), Email("Write it like name@example.org.")],
        description="We write only about this.",
    )
    password = PasswordField("Password", [InputRequired()], description="8 characters or more.")
    story = Text("What should people know?")
    neighborhood = SelectField(
        "Neighborhood", choices=[SelectChoice("", "City-wide"), SelectChoice("logan", "Logan Square")]
    )
    day = DateField("Day", [InputRequired("Choose a day.")])
    start = TimeField("Starts", [InputRequired()])
    people = IntegerField(
        "How many of you?", [InputRequired(), NumberRange(1, 20, "Between 1 and 20 people can come.")]
    )
    answer = RadioField("Your answer", choices=ANSWERS, validators=[InputRequired("Choose one.")])
    reach = RadioField(
        "How may we reach you?",
        choices=[
            SelectChoice("mail", "By e-mail"),
            SelectChoice("phone", "By phone"),
            SelectChoice("none", "Not at all"),
        ],
    )
    access = Boxes(
        "What do you need?",
        choices=[
            SelectChoice("step", "Step-free way in"),
            SelectChoice("sign", "Sign language"),
            SelectChoice("kids", "Childcare"),
        ],
    )
    picture = FileField("Picture", description="A JPEG or PNG of up to 10 MB.")
    remind = BooleanField("Remind me the day before", description="One mail, at 9 am.")


@blueprint.get("/")
@public_uncached
def index() -> str:
    """The page of components."""
    right_to_left = request.args.get("direction") == "rtl"
    return render_template(
        "styleguide/index.html",
        layout=f"layouts/{'desk' if request.args.get('layout') == 'desk' else 'base'}.html",
        samples=samples(),
        form=SampleForm(formdata=None, data={"name": "Ana Reyes", "answer": "going", "people": 2}),
        wrong=_wrong_form(),
        kinds=KINDS,
        colors=_colors(),
        **({"text_direction": "rtl"} if right_to_left else {}),
    )


@blueprint.get("/errors/<int:status>")
@public_uncached
def error(status: int) -> Any:
    """The error page of *status*."""
    if status not in errors.PAGES:
        abort(404)
    return errors.error_page(status)


def _colors() -> list[str]:
    tokens = (STATIC / "css" / "tokens.css").read_text()
    return list(dict.fromkeys(re.findall(r"--([a-z-]+): oklch", tokens)))


def _wrong_form() -> SampleForm:
    form = SampleForm(
        formdata=MultiDict({"wrong-email": "ana at example", "wrong-people": "40"}),
        prefix="wrong-",
        meta={"csrf": False},
    )
    form.validate()
    return form


def samples() -> dict[str, Any]:
    """What the components are shown with."""
    first = date(2026, 12, 3)
    return {
        "words": WORDS,
        "events": _events(first),
        "weeks": _weeks(),
        "weekdays": [{"short": name[:3], "long": name} for name in _WEEKDAYS],
        "changes": differences(
            "Lights on Kedzie Avenue are out.", "Two lights on Kedzie Avenue are out again."
        ),
        "steps": [
            {"label": "Received", "note": "Nov 14", "state": "done"},
            {"label": "Acknowledged", "note": "Nov 15", "state": "done"},
            {"label": "In progress", "state": "now"},
            {"label": "Answered", "note": "by Nov 28", "state": ""},
            {"label": "Closed", "state": ""},
        ],
        "rows": [
            ("Pulaski Park fieldhouse", "Thu, Dec 3", "41 of 60", "published", "good"),
            ("Logan Square library, and online", "Tue, Dec 8", "112", "draft", "wait"),
            ("Humboldt Park fieldhouse", "Sat, Dec 12", "60 of 60", "cancelled", "late"),
        ],
        "concern": {
            "title": "Cars run the red light at Kedzie and Palmer",
            "url": "#",
            "category": "Speeding and traffic",
            "where": ("Kedzie and Palmer", "Logan Square"),
            "status": "In progress",
            "tone": "accent",
            "iso": "2026-11-14",
            "age": "raised 6 days ago",
            "others": "3 others say the same",
        },
        "topic": {
            "title": "Where are the patrols that were promised in March?",
            "url": "#",
            "forum": "Around town",
            "posts": "12 posts",
            "by": "Rosa Delgado",
            "iso": "2026-11-14T18:05",
            "when": "Nov 14, 6:05 pm",
            "tags": ("patrols",),
            "pinned": True,
            "answered": True,
        },
        "thread": [
            {
                "side": "person",
                "who": "The person who raised it",
                "iso": "2026-11-14",
                "when": "November 14",
                "text": "Every school morning between 7:40 and 8:05. My daughter crosses there.",
                "state": "Received",
                "tone": "accent",
            },
            {
                "side": "staff",
                "who": "Dana Ortiz",
                "badge": "Beat officer",
                "iso": "2026-11-15T09:12",
                "when": "November 15, 9:12 am",
                "text": "I stood there this morning and counted eleven cars.",
                "state": "In progress",
                "tone": "accent",
            },
        ],
        "timeline": [
            {
                "when": "November 20, 9:12 am",
                "iso": "2026-11-20T09:12",
                "who": "Dana Ortiz",
                "what": "moved the event",
                "changes": [{"name": "Starts", "before": "6 pm", "after": "6:30 pm"}],
            },
            {
                "when": "November 14, 4:40 pm",
                "iso": "2026-11-14T16:40",
                "who": "Dana Ortiz",
                "what": "published it",
            },
        ],
        "shapes": [
            "M10 10h90v70l-40 20-50-10z",
            "M100 10h90v80l-90-10z",
            "M10 90l50 10 40-20v90H10z",
            "M100 80l90 10v80h-90z",
        ],
    }


_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def _kind(index: int) -> dict[str, str]:
    return dict(zip(("name", "color", "shape"), KINDS[index % len(KINDS)], strict=True))


def _events(first: date) -> list[dict[str, Any]]:
    titles = [
        "1433 beat meeting",
        "Streets we walk: lighting on Kedzie",
        "Read with an officer at Darwin School",
        "Coats for the Westside: sorting and delivery",
        "Stop the bleed: two hours, no experience needed",
        "Coffee on Milwaukee Avenue",
    ]
    events: list[dict[str, Any]] = [
        {
            "title": title,
            "url": "#",
            "day": first + timedelta(days=2 * i),
            "when": "6:30 to 7:30 pm",
            "kind": _kind(i),
            "place": "Pulaski Park fieldhouse, 1419 W. Blackhawk",
        }
        for i, title in enumerate(titles)
    ]
    events[0]["notes"] = ["41 going"]
    events[1]["notes"] = ["Spanish interpreter"]
    events[2] |= {"status": "Moved from December 5", "tone": "wait"}
    events[3] |= {"status": "Full, 6 waiting", "tone": "late"}
    events[5] |= {"status": "Cancelled", "tone": "late", "off": True}
    return events


def _weeks() -> list[list[dict[str, Any]]]:
    events = _events(date(2026, 12, 3))
    weeks = []
    for week in range(5):
        days = [date(2026, 11, 29) + timedelta(days=7 * week + i) for i in range(7)]
        weeks.append([_month_day(day, events) for day in days])
    return weeks


def _month_day(day: date, events: list[dict[str, Any]]) -> dict[str, Any]:
    here = [event for event in events if day.month == 12 and (event["day"].day - day.day) % 7 == 0]
    shown = [
        {
            "title": e["title"],
            "url": "#",
            "time": "6:30 pm",
            "kind": e["kind"]["name"],
            "color": e["kind"]["color"],
            "shape": e["kind"]["shape"],
            "off": e.get("off"),
            "status": e.get("status"),
        }
        for e in here
    ]
    return {
        "day": day,
        "label": f"{day:%A, %B} {day.day}",
        "in_month": day.month == 12,
        "today": day == date(2026, 12, 10),
        "url": "#" if here else None,
        "more": 3 if day.day == 10 else 0,
        "events": shown,
    }


def init_app(app: Flask) -> None:
    """Register the page, in development only."""
    if app.config["FORUM"].debug:
        app.register_blueprint(blueprint)
