"""The administrator's people and teams."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from forum.accounts import queries
from forum.accounts.forms import InviteForm, PersonForm, TeamForm
from forum.accounts.models import Person, Role, Team
from forum.accounts.operations import people as people_operations
from forum.accounts.operations import teams as team_operations
from forum.accounts.views import admin_blueprint as blueprint
from forum.accounts.views.answers import flash_saved, shown
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import clean_line
from forum.core.languages import page_language
from forum.extensions import db

PAGE = 50
administrator = staff(Role.ADMINISTRATOR)


@blueprint.get("/admin/people")
@administrator
def people() -> ResponseReturnValue:
    """Everyone with an account, by name, searched by name or address."""
    words = clean_line(request.args.get("q", ""))[:200]
    after = _person_or_none(request.args.get("after", type=int))
    select = queries.people_listed(current_user, words=words, after=after, limit=PAGE)
    found = db.session.scalars(select).all()
    more = len(found) > PAGE
    return render_template("accounts/people.html", people=found[:PAGE], words=words, more=more, after=after)


@blueprint.route("/admin/people/invite", methods=["GET", "POST"])
@administrator
def invite() -> ResponseReturnValue:
    """Invite somebody of the agency or a partner."""
    form, refusal = InviteForm(), None
    form.team_id.choices = _team_choices()
    if form.validate_on_submit():
        try:
            person = people_operations.invite_person(
                actor=current_user,
                name=form.name.data or "",
                email=form.email.data or "",
                role=Role(form.role.data),
                title=form.title.data or "",
                team_id=form.team_id.data,
                language=page_language(),
            )
        except Refusal as error:
            refusal = error
        else:
            flash_saved(_("An invitation is on its way to %(name)s.", name=person.name))
            return redirect(url_for("accounts_admin.people"), 303)
    return shown("accounts/invite.html", form, refusal)


@blueprint.route("/admin/people/<int:person_id>", methods=["GET", "POST"])
@administrator
def person(person_id: int) -> ResponseReturnValue:
    """Role, team, title, and who this person answers to."""
    someone = _person(person_id)
    form, refusal = PersonForm(obj=someone), None
    form.offer(_team_choices(), _superior_choices(someone), own=someone.id == current_user.id)
    if form.validate_on_submit():
        try:
            people_operations.edit_person(actor=current_user, person=someone, **form.chosen(someone))
        except Refusal as error:
            refusal = error
        else:
            flash_saved(_("%(name)s is changed.", name=someone.name))
            return redirect(url_for("accounts_admin.people"), 303)
    return shown("accounts/person.html", form, refusal, person=someone)


@blueprint.post("/admin/people/<int:person_id>/invite")
@administrator
def invite_again(person_id: int) -> ResponseReturnValue:
    """Mail the invitation once more."""
    return _act(person_id, people_operations.invite_again, _("An invitation is on its way."))


@blueprint.post("/admin/people/<int:person_id>/suspend")
@administrator
def suspend(person_id: int) -> ResponseReturnValue:
    """Keep somebody out."""
    return _act(
        person_id, people_operations.suspend_person, _("This account is suspended and signed out everywhere.")
    )


@blueprint.post("/admin/people/<int:person_id>/restore")
@administrator
def restore(person_id: int) -> ResponseReturnValue:
    """Let somebody in again."""
    return _act(person_id, people_operations.restore_person, _("This account works again."))


@blueprint.route("/admin/teams", methods=["GET", "POST"])
@administrator
def teams() -> ResponseReturnValue:
    """The agency's units, and a new one."""
    form, refusal = TeamForm(), None
    if form.validate_on_submit():
        try:
            team_operations.add_team(actor=current_user, name=form.name.data or "")
        except Refusal as error:
            refusal = error
        else:
            flash_saved(_("The team is added."))
            return redirect(url_for("accounts_admin.teams"), 303)
    return shown(
        "accounts/teams.html", form, refusal, teams=db.session.execute(queries.teams_with_sizes()).all()
    )


@blueprint.route("/admin/teams/<int:team_id>", methods=["GET", "POST"])
@administrator
def team(team_id: int) -> ResponseReturnValue:
    """Another name for a team."""
    unit = _team(team_id)
    form, refusal = TeamForm(obj=unit), None
    if form.validate_on_submit():
        try:
            team_operations.rename_team(actor=current_user, team=unit, name=form.name.data or "")
        except Refusal as error:
            refusal = error
        else:
            flash_saved(_("The team is renamed."))
            return redirect(url_for("accounts_admin.teams"), 303)
    return shown("accounts/team.html", form, refusal, team=unit)


@blueprint.post("/admin/teams/<int:team_id>/delete")
@administrator
def delete_team(team_id: int) -> ResponseReturnValue:
    """Remove a team; its people stay."""
    team_operations.delete_team(actor=current_user, team=_team(team_id))
    flash_saved(_("The team is removed. Its people stay."))
    return redirect(url_for("accounts_admin.teams"), 303)


def _act(person_id: int, operation: object, words: str) -> ResponseReturnValue:
    someone = _person(person_id)
    try:
        operation(actor=current_user, person=someone)  # type: ignore[operator]
    except Refusal as error:
        form = PersonForm(formdata=None, obj=someone)
        form.offer(_team_choices(), _superior_choices(someone), own=someone.id == current_user.id)
        return shown("accounts/person.html", form, error, person=someone)
    flash_saved(words)
    return redirect(url_for("accounts_admin.person", person_id=person_id), 303)


def _person_or_none(person_id: int | None) -> Person | None:
    return db.session.get(Person, queries.bounded(person_id))


def _person(person_id: int) -> Person:
    found = _person_or_none(person_id)
    require(found is not None and found.erased_at is None)
    assert found is not None
    return found


def _team(team_id: int) -> Team:
    found = db.session.get(Team, queries.bounded(team_id))
    require(found is not None)
    assert found is not None
    return found


def _team_choices() -> list[tuple[str, str]]:
    return [("", _("No team")), *((str(t.id), t.name) for t in db.session.scalars(queries.teams_by_name()))]


def _superior_choices(someone: Person) -> list[tuple[str, str]]:
    found = db.session.scalars(queries.staff_by_name())
    words = {str(p.id): f"{p.name}, {p.title}" if p.title else p.name for p in found if p.id != someone.id}
    return [("", _("Nobody here")), *words.items()]
