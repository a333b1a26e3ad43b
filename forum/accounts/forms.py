"""What people type about accounts."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_login import current_user
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from forum.accounts import passwords
from forum.accounts.addresses import LONGEST, is_address, tidy
from forum.accounts.models import Person, Role
from forum.core.forms import Form, Line

# As a list shows them: from the public to the most trusted.
ROLES = (
    Role.RESIDENT,
    Role.PARTNER,
    Role.OFFICER,
    Role.SUPERVISOR,
    Role.REVIEWER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)


_NAME_HINT = _l("Others see it beside what you write. It need not be your full name.")
_PASSWORD_HINT = _l("At least 8 characters. A few words in a row are easy to keep and hard to guess.")
_TITLE_HINT = _l("As others read it: “Beat sergeant, 14th District”.")


class Address(EmailField):
    """An e-mail address, without the blanks around it."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        checks = [
            DataRequired(_l("Enter an e-mail address.")),
            Length(max=LONGEST, message=_l("This is too long.")),
        ]
        super().__init__(label, checks, filters=[tidy], **kwargs)

    def pre_validate(self, form: Any) -> None:
        # A control character is nobody's address, and PostgreSQL refuses to look for one.
        if not (self.data or "").isprintable():
            raise ValidationError(_("Enter an e-mail address like name@example.org."))


class NewAddress(Address):
    """An address that we are to write to."""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not validation_stopped and not self.errors and not is_address(self.data or ""):
            raise ValidationError(_("Enter an e-mail address like name@example.org."))


class Password(PasswordField):
    """A password that exists already: nothing about it is judged here."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        checks = [
            InputRequired(_l("Enter your password.")),
            Length(max=passwords.LONGEST, message=_l("This is longer than any password here.")),
        ]
        super().__init__(label, checks, render_kw={"autocomplete": "current-password"}, **kwargs)


class NewPassword(PasswordField):
    """A password to be chosen. ``about(form)`` may name words that it must not be."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        checks = [InputRequired(_l("Choose a password."))]
        super().__init__(label, checks, render_kw={"autocomplete": "new-password"}, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped:
            return
        agency = current_app.config["FORUM"].agency_name
        problem = passwords.problem_with(self.data or "", about=(agency, *form.guessable()))
        if problem:
            raise ValidationError(problem)


class SignInForm(Form):
    email = Address(_l("E-mail address"), render_kw={"autocomplete": "username"})
    password = Password(_l("Password"))
    stay = BooleanField(
        _l("Stay signed in on this device"),
        description=_l("For 60 days. Leave it out on a device others use."),
    )
    next = HiddenField()


class RegisterForm(Form):
    name = Line(
        _l("Your name"),
        [DataRequired(_l("Enter the name that others will see."))],
        most=120,
        description=_NAME_HINT,
        render_kw={"autocomplete": "name"},
    )
    email = NewAddress(
        _l("E-mail address"),
        description=_l("Nobody sees it. We write there when something you asked for changes."),
        render_kw={"autocomplete": "email"},
    )
    password = NewPassword(_l("Password"), description=_PASSWORD_HINT)

    def guessable(self) -> tuple[str, ...]:
        return (self.email.data or "", self.name.data or "")


class ResetForm(Form):
    email = NewAddress(_l("E-mail address"), render_kw={"autocomplete": "username"})


class ChoosePasswordForm(Form):
    """By a mailed link. *known* are the owner's address and name."""

    password = NewPassword(_l("New password"), description=_PASSWORD_HINT)

    def __init__(self, known: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known = known

    def guessable(self) -> tuple[str, ...]:
        return self.known


class ChangePasswordForm(Form):
    password = Password(_l("The password you have now"))
    new_password = NewPassword(_l("New password"), description=_PASSWORD_HINT)

    def guessable(self) -> tuple[str, ...]:
        return (current_user.email, current_user.name)


class ChangeEmailForm(Form):
    email = NewAddress(_l("New e-mail address"), render_kw={"autocomplete": "email"})
    password = Password(
        _l("Your password"), description=_l("So that nobody who finds your device open can take the account.")
    )


class NameForm(Form):
    name = Line(
        _l("Your name"),
        [DataRequired(_l("Enter the name that others will see."))],
        most=120,
        description=_NAME_HINT,
        render_kw={"autocomplete": "name"},
    )


class LanguageForm(Form):
    language = SelectField(_l("Language of our mail to you"))


class DeleteForm(Form):
    password = Password(_l("Your password"))


class EmptyForm(Form):
    """A button: nothing but its CSRF token."""


def role_name(role: Role) -> str:
    """What people call *role*."""
    return {
        Role.ADMINISTRATOR: _("Administrator"),
        Role.AUDITOR: _("Auditor"),
        Role.OFFICER: _("Officer"),
        Role.PARTNER: _("Partner"),
        Role.RESIDENT: _("Resident"),
        Role.REVIEWER: _("Reviewer"),
        Role.SUPERVISOR: _("Supervisor"),
    }[role]


def _optional_id(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class Choice(SelectField):
    """One of a list by id, or none."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=_optional_id, **kwargs)


class InviteForm(Form):
    name = Line(_l("Name"), [DataRequired(_l("Enter a name."))], most=120)
    email = NewAddress(_l("E-mail address"), render_kw={"autocomplete": "off"})
    role = SelectField(_l("Role"))
    title = Line(lazy_pgettext("person", "Title"), most=120, description=_TITLE_HINT)
    team_id = Choice(_l("Team"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.role.choices = [(str(role), role_name(role)) for role in ROLES if role is not Role.RESIDENT]


class PersonForm(Form):
    role = SelectField(_l("Role"))
    title = Line(lazy_pgettext("person", "Title"), most=120, description=_TITLE_HINT)
    public_contact = Line(
        _l("How residents reach this person"),
        most=254,
        description=_l("A telephone number or a role address. Everyone can read it."),
    )
    team_id = Choice(_l("Team"))
    answers_to_id = Choice(
        _l("Answers to"), description=_l("A concern about somebody never reaches those who answer to them.")
    )

    def offer(self, teams: list[tuple[str, str]], superiors: list[tuple[str, str]], *, own: bool) -> None:
        """Fill the lists. Nobody changes *own* role."""
        self.role.choices = [(str(role), role_name(role)) for role in ROLES]
        self.team_id.choices = teams
        self.answers_to_id.choices = superiors
        if own:
            del self.role

    def chosen(self, person: Person) -> dict[str, Any]:
        """The arguments of ``edit_person``."""
        role = Role(self.role.data) if self.role is not None else person.role
        return {
            "role": role,
            "title": self.title.data,
            "public_contact": self.public_contact.data,
            "team_id": self.team_id.data,
            "answers_to_id": self.answers_to_id.data,
        }


class TeamForm(Form):
    name = Line(_l("Name of the team"), [DataRequired(_l("Enter a name."))], most=120)
