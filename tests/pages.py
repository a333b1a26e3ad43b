"""A client that lints every HTML page it fetches: what a screen reader, a translator or an auditor would stumble on."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

INPUTS_WITHOUT_LABEL = {"hidden", "submit", "button", "image", "reset"}
TOKEN = re.compile(r'(?<=name="csrf_token" value=)"[^"]+"')
FAULTLESS: set[int] = (
    set()
)  # what this process has linted: the same page but for its tokens is not looked at again
SVG = "{http://www.w3.org/2000/svg}"


class PageError(AssertionError):
    """A page broke a rule of the house."""


class Page:
    """A parsed HTML document with the questions tests ask."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.root = _parsed(html)

    def all(self, tag: str) -> list[Any]:
        return list(self.root.iter(tag))

    def text(self) -> str:
        """Its visible words, with white space folded."""
        skipped = {element for tag in ("script", "style", "template") for element in self.root.iter(tag)}
        words: list[str] = []

        def walk(element: Any) -> None:
            if element in skipped or not isinstance(element.tag, str):
                return
            words.append(element.text or "")
            for child in element:
                walk(child)
                words.append(child.tail or "")

        body = self.root.find("body")
        walk(body if body is not None else self.root)
        return " ".join(" ".join(words).split())

    def form(self, action: str | None = None) -> dict[str, str]:
        """The fields of the first form (or the one whose action ends with *action*) as a browser would send them."""
        for form in self.forms():
            if action is None or (form.get("action") or "").split("?")[0].endswith(action):
                return _fields(form)
        raise PageError(f"no form {action or ''} on this page")

    def form_with(self, name: str) -> dict[str, str]:
        """The fields of the first form that has the field *name*."""
        for form in self.forms():
            if name in (fields := _fields(form)):
                return fields
        raise PageError(f"no form with {name} on this page")

    def forms(self) -> list[Any]:
        """Its forms, those of the main part first."""
        own = [form for main in self.all("main") for form in main.iter("form")]
        return own + [form for form in self.all("form") if form not in own]

    def links(self) -> list[str]:
        return [a.get("href") for a in self.all("a") if a.get("href")]


class Client(FlaskClient):
    """Flask's test client; ``get``/``post`` lint HTML answers below 500 and refuse a 500 outright."""

    lint = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.status_code >= 500 and not kwargs.get("follow_redirects") and self.lint:
            raise PageError(f"{response.status_code} for {response.request.method} {response.request.path}")
        if (
            self.lint
            and response.mimetype == "text/html"
            and response.status_code not in (301, 302, 303, 307, 308)
        ):
            lint(response.get_data(as_text=True))
        return response

    def page(self, path: str, status: int = 200, **kwargs: Any) -> Page:
        """GET *path*, expect *status*, parse."""
        response = self.get(path, **kwargs)
        if response.status_code != status:
            raise PageError(f"{response.status_code} instead of {status} for {path}")
        return Page(response.get_data(as_text=True))

    def send(
        self, path: str, data: dict[str, Any] | None = None, *, form: str | None = None, **kwargs: Any
    ) -> TestResponse:
        """Fetch *path*, fill its form (the one whose action ends with *form*) and post it where it says."""
        page = self.page(path)
        target = form
        for element in page.forms():
            action = (element.get("action") or path).split("?")[0]
            if (element.get("method") or "get").lower() == "post" and (form is None or action.endswith(form)):
                target = element.get("action") or path
                fields: dict[str, Any] = _fields(element)
                fields.update(data or {})
                fields = {name: value for name, value in fields.items() if value is not None}
                return self.post(target, data=fields, **kwargs)
        raise PageError(f"no POST form {form or ''} on {path}")


@lru_cache(maxsize=8)
def _parsed(html: str) -> Element:
    """The tree that a browser makes of it, without comments: a page is linted first, then read."""
    root: Any = LexborHTMLParser(html).root
    found = Element(root.tag, _attributes(root))
    waiting = [(root, found)]
    while waiting:
        node, element = waiting.pop()
        space = SVG if element.tag.startswith(SVG) else ""
        node, last = node.child, None
        while node is not None:
            if node.tag == "-text":
                if last is None:
                    element.text = (element.text or "") + node.text_content
                else:
                    last.tail = (last.tail or "") + node.text_content
            elif node.tag[0] not in "-!":
                tag = SVG + node.tag if node.tag == "svg" else space + node.tag
                last = SubElement(element, tag, _attributes(node))
                waiting.append((node, last))
            node = node.next
    return found


def _attributes(node: Any) -> dict[str, str]:
    return {name: value or "" for name, value in node.attributes.items()}


def lint(html: str) -> None:
    """Raise PageError with everything that is wrong with this document or fragment."""
    mark = hash(TOKEN.sub("", html))
    if mark in FAULTLESS:
        return
    _lint(html)
    FAULTLESS.add(mark)


def _lint(html: str) -> None:
    page = Page(html)
    faults: list[str] = []
    whole = "<html" in html[:2000].lower()
    if whole:
        faults += _document_faults(page)
    faults += _id_faults(page) + _label_faults(page) + _form_faults(page) + _inline_faults(page)
    if faults:
        raise PageError("; ".join(faults) + f"\n{html[:600]}")


def _document_faults(page: Page) -> list[str]:
    faults = []
    if len(page.all("h1")) != 1:
        faults.append(f"{len(page.all('h1'))} h1 elements")
    titles = page.all("title")
    if not any((title.text or "").strip() for title in titles):
        faults.append("no title")
    root = page.root
    if not root.get("lang"):
        faults.append("html has no lang")
    if len(page.all("main")) != 1:
        faults.append(f"{len(page.all('main'))} main elements")
    return faults


def _id_faults(page: Page) -> list[str]:
    ids = [
        element.get("id")
        for element in page.root.iter()
        if isinstance(element.tag, str) and element.get("id")
    ]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    faults = [f"doubled ids {doubled}"] if doubled else []
    known = set(ids)
    for element in page.root.iter():
        if not isinstance(element.tag, str):
            continue
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            for name in (element.get(attribute) or "").split():
                if name not in known:
                    faults.append(f"{element.tag} {attribute} names {name}, which is not there")
    return faults


def _label_faults(page: Page) -> list[str]:
    labelled = {label.get("for") for label in page.all("label") if label.get("for")}
    wrapped = {id(inner) for label in page.all("label") for inner in label.iter()}
    faults = []
    for tag in ("input", "select", "textarea"):
        for element in page.all(tag):
            if tag == "input" and (element.get("type") or "text") in INPUTS_WITHOUT_LABEL:
                continue
            named = element.get("aria-label") or element.get("aria-labelledby")
            if not named and element.get("id") not in labelled and id(element) not in wrapped:
                faults.append(f"{tag} {element.get('name')} has no label")
    for image in page.all("img"):
        if image.get("alt") is None:
            faults.append(f"img {image.get('src')} has no alt")
    for button in page.all("button"):
        if not "".join(button.itertext()).strip() and not button.get("aria-label"):
            faults.append("a button has no words")
    return faults


def _form_faults(page: Page) -> list[str]:
    faults = []
    for form in page.all("form"):
        if (form.get("method") or "get").lower() == "post" and not _fields(form).get("csrf_token"):
            faults.append(f"POST form {form.get('action')} has no CSRF token")
    return faults


def _inline_faults(page: Page) -> list[str]:
    faults = []
    for element in page.root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.get("style"):
            faults.append(f"inline style on {element.tag}")
        faults += [f"{name} on {element.tag}" for name in element.attrib if name.startswith("on")]
        if (
            element.tag == "script"
            and not element.get("src")
            and element.get("type") != "application/ld+json"
        ):
            faults.append("inline script")
        if element.tag == "style":
            faults.append("style element")
        for attribute in ("src", "action", "formaction"):
            if urlsplit(element.get(attribute) or "").netloc not in ("", "localhost"):
                faults.append(f"{element.tag} {attribute} leaves this site")
    return faults


def _fields(form: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in form.iter():
        name = element.get("name") if isinstance(element.tag, str) else None
        if not name:
            continue
        if element.tag == "input":
            kind = element.get("type") or "text"
            if kind in ("radio", "checkbox") and element.get("checked") is None:
                continue
            if kind not in ("submit", "button", "image", "file"):
                found[name] = element.get("value", "on" if kind == "checkbox" else "")
        elif element.tag == "textarea":
            found[name] = element.text or ""
        elif element.tag == "select":
            options = list(element.iter("option"))
            chosen = next(
                (o for o in options if o.get("selected") is not None), options[0] if options else None
            )
            if chosen is not None:
                found[name] = chosen.get("value", chosen.text or "")
    return found
