"""The base form: cleaned text, errors beside their field, and a refusal shown as one of them."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from flask import has_request_context, make_response, render_template
from flask.wrappers import Response
from flask_babel import format_decimal, lazy_gettext
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from flask_wtf.form import SUBMIT_METHODS
from flask_wtf.i18n import translations
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from forum.core.current import this_request
from forum.core.errors import Refusal
from forum.core.intake import held_nul

# What no text of ours may hold: C0 and C1 controls except tab and line feed, and the separators that some parsers
# take for line ends (INTEROP 12), and the marks that turn the direction of the text around them.
_FORBIDDEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160), 8232, 8233))
_FORBIDDEN |= dict.fromkeys((*range(8234, 8239), *range(8294, 8298), 65279))


_NOT_KEPT = lazy_gettext(
    "This held a character that cannot be kept. We took it out. Please look at it and send it again."
)


def clean_line(text: str | None) -> str:
    """One line in NFC: no controls, every run of white space one blank, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text or "").translate(_FORBIDDEN).split())


def clean_text(text: str | None) -> str:
    """Several lines in NFC with ``\\n`` ends: no controls, no blanks at line ends, at most two empty lines in a row."""
    plain = unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n").replace("\r", "\n")).translate(
        _FORBIDDEN
    )
    lines = [line.rstrip() for line in plain.strip("\n").split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or kept[-2:] != ["", ""]:
            kept.append(line)
    return "\n".join(kept).strip("\n")


_SENT: Any = object()  # what the request brought


def _sent() -> Any:
    """The fields and files of a form that was sent, None where none was."""
    request = this_request() if has_request_context() else None
    if request is None or request.method not in SUBMIT_METHODS:
        return None
    return CombinedMultiDict((request.files, request.form)) if request.files else request.form or None


class Form(FlaskForm):
    """Base of every form. ``form_errors`` holds what belongs to no single field, ``beside`` (id of an element, words)
    what belongs to a field that is not this form's own, such as the words of a picture."""

    class Meta(FlaskForm.Meta):
        csrf = False  # the token is no field: core.forgery asks for it before any view, templates write csrf_field()

        def get_translations(self, form: Any) -> Any:
            return translations

    def __init__(self, formdata: Any = _SENT, **kwargs: Any) -> None:
        self.beside: list[tuple[str, str]] = []
        super().__init__(formdata=_sent() if formdata is _SENT else formdata, **kwargs)

    def process(self, *args: Any, **kwargs: Any) -> None:
        """As WTForms does it; a field that held a NUL says so when it is checked. Hidden ones nobody typed."""
        super().process(*args, **kwargs)
        held = held_nul()
        for field in self if held else ():
            if field.name in held and not isinstance(field, HiddenField):
                field.process_errors = [*field.process_errors, _NOT_KEPT]

    def refuse(self, refusal: Refusal) -> None:
        """Show *refusal* beside the field it names, or above the form."""
        field = self._fields.get(refusal.field) if refusal.field else None
        if field is None:
            self.form_errors.append(str(refusal.message))
        else:
            field.errors = [*field.errors, str(refusal.message)]

    @property
    def has_errors(self) -> bool:
        return bool(self.errors or self.beside)


@cache  # one for all fields of all forms: it holds nothing of a page, and its words are found when they are shown
def _at_most(most: int) -> Length:
    number = LazyString(format_decimal, most)  # «10,000», as the reader's language writes it
    return Length(max=most, message=lazy_gettext("Use at most %(most)s characters.", most=number))


class Line(StringField):
    """A line of text, cleaned; *most* characters."""

    def __init__(self, label: Any = None, validators: Any = (), *, most: int = 200, **kwargs: Any) -> None:
        super().__init__(label, [*validators, _at_most(most)], filters=[clean_line], **kwargs)
        self.most = most


class Text(TextAreaField):
    """Several lines of text, cleaned; *most* characters."""

    def __init__(self, label: Any = None, validators: Any = (), *, most: int = 20_000, **kwargs: Any) -> None:
        super().__init__(label, [*validators, _at_most(most)], filters=[clean_text], **kwargs)
        self.most = most


def unprocessable(template: str, **context: Any) -> Response:
    """The form again, with what was typed and what to mend: status 422, which rolls back."""
    return make_response(render_template(template, **context), 422)


def error_list(form: Form) -> list[tuple[str | None, str]]:
    """(field id or None, message) in the order of the form, for the summary at its top."""
    found: list[tuple[str | None, str]] = [(None, str(message)) for message in form.form_errors]
    for field in form:
        # A lazily translated message is no str; what is left out are the nested errors of a list of forms.
        found += [
            (_anchor(field), str(message))
            for message in field.errors
            if not isinstance(message, (list, dict))
        ]
    return [*found, *form.beside]


def _anchor(field: Field) -> str:
    return str(field.id)
