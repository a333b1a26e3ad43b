"""libical, the parser of GNOME, KDE and Sailfish, as far as the tests ask it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest


class Time(ctypes.Structure):
    """struct icaltimetype of libical 3."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        *((name, ctypes.c_int) for name in ("is_date", "is_daylight")),
        ("zone", ctypes.c_void_p),
    ]


class Span(ctypes.Structure):
    """struct icaltime_span."""

    _fields_ = [("start", ctypes.c_long), ("end", ctypes.c_long), ("is_busy", ctypes.c_int)]


EACH = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(Span), ctypes.c_void_p)


class Libical:
    """The few functions that are asked, with their types."""

    def __init__(self, library: ctypes.CDLL) -> None:
        pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
        for name, result, arguments in (
            ("icalparser_parse_string", pointer, (text,)),
            ("icalcomponent_free", None, (pointer,)),
            ("icalcomponent_count_errors", number, (pointer,)),
            ("icalcomponent_as_ical_string", text, (pointer,)),
            ("icalcomponent_string_to_kind", number, (text,)),
            ("icalcomponent_get_first_component", pointer, (pointer, number)),
            ("icalcomponent_get_next_component", pointer, (pointer, number)),
            ("icalcomponent_get_uid", text, (pointer,)),
            ("icalcomponent_get_summary", text, (pointer,)),
            ("icalcomponent_get_status", number, (pointer,)),
            ("icalproperty_status_to_string", text, (number,)),
            ("icalrestriction_check", number, (pointer,)),
            ("icaltime_from_timet_with_zone", Time, (ctypes.c_long, number, pointer)),
            ("icaltime_as_timet_with_zone", ctypes.c_long, (Time, pointer)),
            ("icalproperty_string_to_kind", number, (text,)),
            ("icalcomponent_get_first_property", pointer, (pointer, number)),
            ("icalproperty_get_datetime_with_component", Time, (pointer, pointer)),
            ("icalcomponent_get_recurrenceid", Time, (pointer,)),
            ("icalcomponent_foreach_recurrence", None, (pointer, Time, Time, EACH, pointer)),
        ):
            function = getattr(library, name)
            function.restype, function.argtypes = result, list(arguments)
            setattr(self, name, function)

    def moment(self, when: datetime) -> Time:
        return self.icaltime_from_timet_with_zone(int(when.timestamp()), 0, None)  # type: ignore[attr-defined]


def events_of(libical: Any, calendar: int) -> Iterator[int]:
    kind = libical.icalcomponent_string_to_kind(b"VEVENT")
    component = libical.icalcomponent_get_first_component(calendar, kind)
    while component:
        yield component
        component = libical.icalcomponent_get_next_component(calendar, kind)


def libical_library() -> ctypes.CDLL:
    """libical 3; skips the test where it is missing."""
    for name in ("libical.so.3", "libical.dylib"):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    pytest.skip("client: libical is not installed (Debian: libical3)")
