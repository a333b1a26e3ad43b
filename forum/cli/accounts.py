"""``flask accounts``: the first administrator of a fresh installation."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from forum.accounts import passwords
from forum.accounts.addresses import is_address, tidy
from forum.accounts.models import Role
from forum.accounts.operations.people import add_person
from forum.core.errors import Refusal
from forum.core.forms import clean_line
from forum.core.transactions import unit_of_work

group = AppGroup("accounts", help="People and how they come in.")


@group.command("create-administrator")
@click.option("--email", prompt=True, help="The address to sign in with.")
@click.option("--name", prompt=True, help="What others see.")
def create_administrator(email: str, name: str) -> None:
    """Make an account that can invite everybody else. Its password is asked for, or is the first line of the input."""
    email, name = tidy(email), clean_line(name)
    if not is_address(email):
        raise click.ClickException(f"“{email}” is not an e-mail address.")
    if not name:
        raise click.ClickException("A name is needed.")
    chosen = _read_password()
    problem = passwords.problem_with(chosen, about=(email, name))
    if problem:
        raise click.ClickException(problem)
    password_hash = passwords.hash_password(chosen)
    try:
        with unit_of_work():
            person = add_person(name=name, email=email, role=Role.ADMINISTRATOR, password_hash=password_hash)
            click.echo(f"{person.name} is an administrator now.")
    except Refusal as refusal:
        raise click.ClickException(str(refusal.message)) from refusal


def _read_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
