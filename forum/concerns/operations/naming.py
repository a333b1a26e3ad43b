"""Names of staff in the words of who complains: before anybody reads them, it is kept from who bears one."""

from __future__ import annotations

from forum.accounts.models import Person, Role
from forum.accounts.queries import chain_above, staff_by_name
from forum.concerns.models import About, Concern, Recusal
from forum.concerns.operations.keeping import said_at
from forum.core.words import query_words
from forum.extensions import db

_SHORTEST = 3  # letters of a last name that is looked for
_MOST = 10_000  # words of one text


def keep_from_named(concern: Concern, *texts: str) -> None:
    """Keep what is about an officer from staff whose name stands in *texts*.

    Somebody's whole name is taken for them: it is kept from those they answer to and who answer to them, too. A last
    name alone may be a word like any other, so it keeps out reviewers who bear it, who would read it first, and
    nobody else. The ledger is told nothing: its moment would tell when these words came.
    """
    if concern.about is About.TOWN:
        return
    told = {word for text in texts for word in query_words(text, _MOST)}
    for person in db.session.scalars(staff_by_name()).all():
        names = query_words(person.name)
        if len(names) > 1 and told.issuperset(names):
            _keep_out(concern, person, named=True)
        elif person.role is Role.REVIEWER and names and len(names[-1]) >= _SHORTEST and names[-1] in told:
            _keep_out(concern, person, named=False)
    db.session.flush()
    db.session.expire(concern, ["recusals"])


def _keep_out(concern: Concern, person: Person, *, named: bool) -> None:
    ids = [person.id, *(db.session.scalars(chain_above(person.id)) if named else ())]
    for place, id_ in enumerate(ids):
        about = named and place == 0
        found = db.session.get(Recusal, (concern.id, id_))
        if found is None:
            since = said_at(concern)
            db.session.add(Recusal(concern_id=concern.id, person_id=id_, named=about, since=since))
        elif about:
            found.named = True
        if concern.assigned_to_id == id_:
            concern.assigned_to_id = None
