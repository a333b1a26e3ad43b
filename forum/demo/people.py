"""The cast: ten people to sign in as, a dozen residents, and an officer a district who is a role and no person."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from forum.accounts import passwords
from forum.accounts.models import Person, Role
from forum.accounts.operations.people import add_person
from forum.accounts.operations.teams import add_team
from forum.core.transactions import operation
from forum.demo import queries
from forum.demo.calendar import district_names
from forum.extensions import db

FILE = "demo-accounts.json"
DOMAIN = "example.org"


@dataclass(frozen=True)
class Part:
    """One person of the cast. `label` is the role as demo-accounts.json spells it; '' for who is not listed there."""

    label: str
    role: Role
    name: str
    mailbox: str
    title: str = ""
    contact: str = ""
    district: int | None = None
    answers_to: str = ""
    language: str = "en"
    follows: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """Where this person's mail goes: nowhere (RFC 2606)."""
        return f"{self.mailbox}@{DOMAIN}"


# Superiors first: `answers_to` names a mailbox above.
CAST = (
    Part("administrator", Role.ADMINISTRATOR, "Jordan Ellis", "administrator", "Site administrator"),
    Part(
        "supervisor",
        Role.SUPERVISOR,
        "Lieutenant Casey Moreau",
        "supervisor",
        "Lieutenant, 12th District",
        district=12,
    ),
    Part(
        "second supervisor",
        Role.SUPERVISOR,
        "Lieutenant Robin Hale",
        "supervisor2",
        "Lieutenant, 19th District",
        district=19,
    ),
    Part(
        *(
            "officer",
            Role.OFFICER,
            "Officer Dana Whitlock",
            "officer",
            "Beat officer, 12th District",
            "312-555-0112",
        ),
        district=12,
        answers_to="supervisor",
    ),
    Part(
        *(
            "second officer",
            Role.OFFICER,
            "Officer Lee Navarro",
            "officer2",
            "Beat officer, 19th District",
            "312-555-0119",
        ),
        district=19,
        answers_to="supervisor2",
    ),
    Part("reviewer", Role.REVIEWER, "Sam Okonkwo", "reviewer", "Civilian reviewer"),
    Part("auditor", Role.AUDITOR, "Pat Lindqvist", "auditor", "Auditor"),
    Part("partner", Role.PARTNER, "Alex Brandt", "partner", follows=("West Town",)),
    Part("resident", Role.RESIDENT, "Maya Torres", "resident", follows=("Uptown", "Lincoln Square")),
    Part("second resident", Role.RESIDENT, "Andre Banks", "resident2", follows=("Englewood",), language="es"),
    Part("", Role.RESIDENT, "Grace Kim", "grace", follows=("Albany Park",)),
    Part("", Role.RESIDENT, "Luis Ortega", "luis", follows=("Little Village",), language="es"),
    Part("", Role.RESIDENT, "Fatima Haddad", "fatima", follows=("West Ridge", "Rogers Park")),
    Part("", Role.RESIDENT, "Walter Nowak", "walter", follows=("Portage Park",)),
    Part("", Role.RESIDENT, "Imani Clark", "imani", follows=("Austin",)),
    Part("", Role.RESIDENT, "Theo Papadakis", "theo", follows=("Lincoln Square",)),
    Part("", Role.RESIDENT, "Rosa Delgado", "rosa", follows=("Humboldt Park",), language="es"),
    Part("", Role.RESIDENT, "Henry Osei", "henry", follows=("Chatham",)),
    Part("", Role.RESIDENT, "Linh Tran", "linh", follows=("Uptown",)),
    Part("", Role.RESIDENT, "Nora Fitzgerald", "nora", follows=("Beverly",)),
    Part("", Role.RESIDENT, "Marcus Reed", "marcus", follows=("South Shore", "Woodlawn")),
    Part("", Role.RESIDENT, "Eva Lindholm", "eva", follows=("Andersonville", "Edgewater")),
)


def ready_accounts(folder: Path) -> dict[str, str]:
    """Password by e-mail address of who can sign in, from `folder`/demo-accounts.json, which is made where it lacks.

    Random for each installation, for the eyes of its owner alone (mode 0600). It is written before the people are, so
    that whoever interrupts the loading does not end with people whose passwords nobody knows.
    """
    path = folder / FILE
    if not path.exists():
        accounts = [
            {"role": part.label, "email": part.email, "password": secrets.token_urlsafe(12)}
            for part in CAST
            if part.label
        ]
        _write(path, json.dumps(accounts, indent=2))
    return {account["email"]: account["password"] for account in json.loads(path.read_text(encoding="utf-8"))}


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and never readable by others."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def hashes(known: dict[str, str]) -> dict[str, str]:
    """The hash of each password: the slow part, done before anything is written. The dozen cannot sign in."""
    return {email: passwords.hash_password(password) for email, password in known.items()}


@operation
def add_cast(hashed: dict[str, str]) -> dict[str, Person]:
    """Everyone of the cast, by mailbox; who is there already stays."""
    people: dict[str, Person] = {}
    for part in CAST:
        found = queries.person(part.email)
        if found is None:
            found = add_person(
                name=part.name,
                email=part.email,
                role=part.role,
                password_hash=hashed.get(part.email),
                language=part.language,
                title=part.title,
                public_contact=part.contact,
                answers_to_id=people[part.answers_to].id if part.answers_to else None,
            )
        people[part.mailbox] = found
    teams = _teams(people["administrator"])
    for part in CAST:
        if part.district is not None:
            people[part.mailbox].team_id = teams[part.district]
    db.session.flush()
    return people


@operation
def add_district_officers(administrator: Person, people: dict[str, Person]) -> dict[int, Person]:
    """Who answers for each district: the cast's two officers, elsewhere a beat sergeant, a role and no person."""
    teams = _teams(administrator)
    officers = {part.district: people[part.mailbox] for part in CAST if part.role is Role.OFFICER}
    for district, name in district_names().items():
        if district in officers:
            continue
        email = f"district{district:02d}@{DOMAIN}"
        officers[district] = queries.person(email) or add_person(
            name=f"The beat sergeant, {name}",
            email=email,
            role=Role.OFFICER,
            password_hash=None,
            title=f"Beat sergeant, {name}",
            public_contact=f"312-555-01{district:02d}",
            team_id=teams[district],
        )
    return {district: officer for district, officer in officers.items() if district is not None}


def _teams(administrator: Person) -> dict[int, int]:
    known = queries.teams()
    teams = {}
    for district, name in district_names().items():
        title = f"{name} community policing office"
        teams[district] = known[title] if title in known else add_team(actor=administrator, name=title).id
    return teams
