"""The walk of ``tests/test_injection.py``: reads all there is to read, sends hostile words, and keeps every answer."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from flask import Flask
from werkzeug.routing import Rule
from wtforms import PasswordField, StringField
from wtforms.form import BaseForm

from forum.core import fleeting_limits, limits
from forum.core.forms import Form
from forum.notifications import jobs
from tests.documents import Document
from tests.documents import Form as Sent
from tests.factories.accounts import sign_in
from tests.factories.site import Everything
from tests.injected import HOST, line, text

ROLES = ("visitor", "resident", "officer", "supervisor", "administrator")
OTHERS = ("reviewer", "auditor")  # for what nobody of those may open
MATRIX = Path(__file__).with_name("access_matrix.csv")
ROOT = Path(__file__).parents[1]
ATOM = "{http://www.w3.org/2005/Atom}"
ARGUMENT = re.compile(r"""args(?:\.get\(|\.getlist\(|\[)["'](\w+)["']""")
FIELDS_EXCUSED = {
    **{("SampleForm", name): "the style guide's own: it is not sent" for name in ("name", "email", "story")},
    ("ChangeByCodeForm", "code"): "this form is shown once the code has opened an answer",
}
SIDE_BY_SIDE = 20  # documents that are opened at once
Fields = dict[str, list[str]]
TOKEN = re.compile('name="csrf_token"[^>]*value="([^"]+)"')
ENDS = re.compile(
    "cancel|withdraw|postpone|remove|delete|suspend|close|merge|move|hand-over|refuse|revoke|screening|email|role"
)
LAST = ("accounts.delete", "accounts.end_other_sessions", "accounts.sign_out", "accounts.end_session")
TYPED = ("text", "search", "email", "url", "tel", "textarea")


def fields_of_all_forms() -> set[tuple[str, str]]:
    """Every field of every form that takes words but passwords, which are shown to nobody."""
    return {
        (form.__name__, name)
        for form in _below(Form)
        for name in vars(form)
        if issubclass(getattr(getattr(form, name), "field_class", object), StringField)
        and not issubclass(getattr(form, name).field_class, PasswordField)
    }


def _below(form: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for each in form.__subclasses__():
        if each.__module__.startswith("forum."):
            yield each
            yield from _below(each)


def _filled(form: Sent) -> Fields:
    """Its fields as they would be sent, hostile where one types."""
    data: Fields = {}
    for name, kind, value in form["fields"]:
        words = {"textarea": text, **dict.fromkeys(TYPED[:-1], line)}.get(kind)
        data.setdefault(name, []).append(words(f"typed/{name}") if words else value)
    return data


class Walk:
    """``documents`` is what was sent as HTML, ``odd`` what was sent wrongly."""

    def __init__(self, app: Flask, site: Everything) -> None:
        self.app, self.site = app, site
        self.documents: list[Document] = []
        self.odd: list[str] = []
        self.clients: dict[str, Any] = {}  # by role
        self.tokens: dict[Any, list[str]] = {}  # by client
        rows = csv.DictReader(MATRIX.read_text().splitlines())
        self.rights = {(row["method"], row["address"]): row for row in rows}

    def client(self, role: str) -> Any:
        """The browser of *role*."""
        if role not in self.clients:
            self.clients[role] = self.app.test_client()
            self.clients[role].lint = False
            if role != "visitor":
                sign_in(self.clients[role], self.site.people[role])
        return self.clients[role]

    def who(self, rule: Rule, method: str = "GET") -> list[str]:
        """The roles for which an address answers."""
        rights = self.rights.get((method, rule.rule), {})
        return [role for role in ROLES if rights.get(role) == "open"] or [
            role for role in OTHERS if rights.get(role) == "open"
        ]

    def read(self) -> None:
        """Every address as every role that may read it."""
        for rule in self.app.url_map.iter_rules():
            for role in self.who(rule):
                path = self.site.address(rule, self.app)
                self._keep(role, path, self.client(role).get(path))
        for path in (
            self.site.values[name] for name in ("locked", "held", "held_poll")
        ):  # what no address of one alone shows
            self._keep("resident", path, self.client("resident").get(path))

    def ask(self, forms: Sequence[Sequence[Sent]]) -> None:
        """Every address with every argument that there is, hostile; and addresses that are none."""
        source = "".join(path.read_text() for path in (ROOT / "forum").rglob("*.py"))
        names = {
            name
            for sent in forms
            for form in sent
            if form["method"] == "get"
            for name, _t, _v in form["fields"]
        }
        asked = dict.fromkeys({*ARGUMENT.findall(source), *names}, line("asked"))
        for rule in self.app.url_map.iter_rules():
            if roles := self.who(rule):
                path = self.site.address(rule, self.app)
                self._keep(roles[-1], path, self.client(roles[-1]).get(path, query_string=asked))
        for query in ("fetch", "javascript", "img -nothing", line("found")):
            for role in ROLES:
                self._keep(role, "/search", self.client(role).get("/search", query_string={"q": query}))
        for start in ("", "events/", "forums/", "neighborhoods/", "concerns/", "static/"):
            self._keep("visitor", "/", self.client("visitor").get(f"/{start}{line('address')}"))

    def send(self, forms: Sequence[Sequence[Sent]]) -> None:
        """What is typed into each form, and to each address all fields of all forms; what ends things comes last."""
        sent = [*self._typed(forms), *self._everything(forms)]
        for role, action, data in sorted(sent, key=lambda each: bool(ENDS.search(each[1]))):
            self._post(role, action, data)

    def _typed(self, forms: Sequence[Sequence[Sent]]) -> Iterator[tuple[str, str, Fields]]:
        """Each form that takes words, once, as the first who has it."""
        done = set()
        for document, found in zip(self.documents, forms, strict=False):
            for form in found:
                action = (form["action"] or document.path).partition("#")[0]
                mark = action.partition("?")[0], tuple(sorted(name for name, _type, _value in form["fields"]))
                if (
                    form["method"] == "post"
                    and mark not in done
                    and {each[1] for each in form["fields"]} & {*TYPED}
                ):
                    done.add(mark)
                    yield document.who, action, _filled(form)

    def _everything(self, forms: Sequence[Sequence[Sent]]) -> Iterator[tuple[str, str, Fields]]:
        """To each address that takes a form every field that any form has, hidden ones too."""
        names = {name for _form, name in fields_of_all_forms()}
        names |= {name for found in forms for form in found for name, _type, _value in form["fields"]}
        data = {name: [line(f"sent/{name}", 200)] for name in sorted(names)}
        for rule in self.app.url_map.iter_rules():
            for role in self.who(rule, "POST")[-1:] if rule.endpoint not in LAST else ():
                yield role, self.site.address(rule, self.app), data
        for path in ("/account/sign-in", "/concerns/new", f"/topics/{self.site.values['topic_id']}/reply"):
            yield "visitor", path, data

    def _post(self, role: str, action: str, data: Fields) -> None:
        """Send it; keep the answer and what it leads to."""
        with self.app.app_context():
            limits.reset()
            fleeting_limits.reset()
        if role == "visitor":  # a link that is followed may sign them in
            self.clients.pop(role, None)
        answer = self._sent(role, action, data)
        if answer.status_code == 400:  # what was sent before has ended the session
            self.clients.pop(role, None)
            answer = self._sent(role, action, data)
        if answer.status_code in (302, 303):
            self._keep(role, answer.headers["Location"], self.client(role).get(answer.headers["Location"]))
        self._keep(role, action, answer)

    def _sent(self, role: str, action: str, data: Fields) -> Any:
        client = self.client(role)
        if client not in self.tokens:
            page = client.get("/account/reset" if role == "visitor" else "/account/name")
            self.tokens[client] = TOKEN.findall(page.text)[:1]
        return client.post(action, data=data | {"csrf_token": self.tokens[client]})

    def read_mail(self) -> None:
        """What went out by mail."""
        with self.app.app_context():
            jobs.deliver()
        for number, path in enumerate(sorted((Path(self.app.instance_path) / "mail").glob("*.eml"))):
            message: Any = message_from_bytes(path.read_bytes(), policy=policy.default)
            part = message.get_body(("html",))
            if part is not None:
                self.documents.append(
                    Document(message["To"], f"/mail/{number}", part.get_content(), is_mail=True)
                )

    def addresses(self, read: int) -> tuple[list[str], list[str]]:
        """Where to open what holds hostile words, of each address the longest: all bare, side by side; and of the first
        *read* documents each as it was sent."""
        bare, as_sent = self._longest(len(self.documents)), self._longest(read)
        groups = (
            list(bare.values())[start : start + SIDE_BY_SIDE] for start in range(0, len(bare), SIDE_BY_SIDE)
        )
        return (
            [f"/?together={','.join(map(str, group))}" for group in groups],
            [
                f"{path}?document={place}"
                for path, place in as_sent.items()
                if not self.documents[place].is_mail
            ],
        )

    def _longest(self, most: int) -> dict[str, int]:
        marked = ((place, each) for place, each in enumerate(self.documents[:most]) if HOST in each.html)
        return {each.path: place for place, each in sorted(marked, key=lambda pair: len(pair[1].html))}

    def _keep(self, role: str, path: str, answer: Any) -> None:
        if answer.status_code >= 500:
            self.odd.append(f"{answer.status_code} for {path} as {role}")
        elif answer.mimetype == "text/html":
            if answer.status_code not in (301, 302, 303):
                self.documents.append(
                    Document(role, path.partition("?")[0], answer.text, tuple(answer.headers))
                )
        else:
            if answer.headers["X-Content-Type-Options"] != "nosniff":
                self.odd.append(f"{path} may be taken for something else")
            if answer.mimetype == "application/atom+xml":
                self._keep_feed(role, path, answer.text)

    def _keep_feed(self, role: str, path: str, feed: str) -> None:
        """What a reader shows of a feed, as one that cleans nothing would."""
        for place, element in enumerate(ElementTree.fromstring(feed).iter()):
            if not element.tag.startswith(ATOM):
                self.odd.append(f"{element.tag} in {path}")
            if element.get("type") == "html":
                self.documents.append(Document(role, f"{path}/{place}", element.text or ""))
