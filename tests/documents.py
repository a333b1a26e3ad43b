"""What the site sent, looked at by the browser that would show it: what is in it, and what it does when it is opened.

A document is kept as it was sent and served again, byte by byte, under the address it came from: so the browser loads
the site's own scripts and styles beside it, and no page is made twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Dialog
from playwright.sync_api import Request as Asked
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from tests.servers.ports import LOOPBACK

OWN = (LOOPBACK, "localhost")
# All that an element may do without anybody's help or against their will, in documents that are parsed but not opened:
# links may lead elsewhere, nothing else may. And the forms there are, as they would be sent.
LOOK = """([documents, own]) => documents.map(({html, mail}) => {
  const faults = [], forms = [];
  const loads = ['src', 'srcset', 'poster', 'data', 'background', 'action', 'formaction', 'xlink:href', 'href', 'ping',
    'hx-get', 'hx-post'];
  const never = ['STYLE', 'IFRAME', 'FRAME', 'OBJECT', 'EMBED', 'APPLET', 'PORTAL'].slice(mail ? 1 : 0);
  const links = ['http:', 'https:', 'mailto:', 'tel:', 'sms:', 'webcal:'];
  const silent = ['button', 'submit', 'file', 'fieldset'];
  const look = (root) => {
    for (const e of root.querySelectorAll('*')) {
      const say = (what) => faults.push(`${what}: ${e.outerHTML.slice(0, 200)}`);
      const tag = e.tagName.toUpperCase();
      if (e.content instanceof DocumentFragment) look(e.content);
      if (never.includes(tag)) say('never here');
      if (tag === 'META' && e.httpEquiv && e.httpEquiv.toLowerCase() !== 'content-type') say('acts');
      if (tag === 'SCRIPT' && e.type === 'application/ld+json') JSON.parse(e.textContent);
      else if (tag === 'SCRIPT' && !e.getAttribute('src')?.startsWith('/static/')) say('a script');
      for (const {name, value} of e.attributes) {
        if (/^on|^style$|^srcdoc$|^(data-)?hx-(on|vars|vals)/.test(name)) say(name);
        if (!loads.includes(name) || value === '' || value.startsWith('data:image/')) continue;
        const url = new URL(value.trim().split(/\\s/)[0], 'http://localhost/');
        if (tag === 'A' ? !links.includes(url.protocol) : !own.includes(url.hostname)) say(`${name} leads to ${url}`);
      }
    }
  };
  try {
    const parsed = new DOMParser().parseFromString(html, 'text/html');
    look(parsed);
    for (const form of parsed.forms) {
      const seen = new Set(), fields = [];
      for (const e of form.elements) {
        const group = e.type === 'radio' && form.querySelector(`[name="${CSS.escape(e.name)}"]:checked`);
        if (!e.name || silent.includes(e.type) || e.type === 'checkbox' && !e.checked) continue;
        if (e.type === 'radio' && (group ? !e.checked : seen.has(e.name))) continue;
        seen.add(e.name);
        const some = e.type === 'select-one' && !e.value ? [...e.options].find((option) => option.value) : e;
        fields.push([e.name, e.type, some?.value ?? '']);
      }
      forms.push({method: form.method, action: form.getAttribute('action') ?? '', fields});
    }
  } catch (error) { faults.push(String(error)); }
  return {faults, forms};
})"""
Form = dict[str, Any]


class Silent(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, *_what: Any) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Document:
    """One answer: whose and where from, what it says, and the headers it came with."""

    who: str
    path: str
    html: str
    headers: tuple[tuple[str, str], ...] = ()
    is_mail: bool = False

    @property
    def name(self) -> str:
        return f"{self.path} as {self.who}"


@contextmanager
def served(app: Callable[..., Any], documents: Sequence[Document]) -> Iterator[str]:
    """An address under which the documents stand at their own paths with ``?document=<place>``; the rest is *app*'s."""

    @Request.application
    def kept(request: Request) -> Any:
        if "together" in request.args:
            return Response(
                _together(request.args["together"].split(","), documents), content_type="text/html"
            )
        if "document" not in request.args:
            return app
        found = documents[int(request.args["document"])]
        own = [] if "framed" in request.args else [pair for pair in found.headers if pair[0] != "Set-Cookie"]
        return Response(found.html, headers=own, content_type="text/html; charset=utf-8")

    server = make_server(LOOPBACK, 0, kept, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def looked_at(browser: Browser, documents: Sequence[Document]) -> tuple[list[str], list[list[Form]]]:
    """What is wrong with the elements of *documents*, and the forms of each."""
    page = browser.new_page()
    told = [{"html": document.html, "mail": document.is_mail} for document in documents]
    found = page.evaluate(LOOK, [told, OWN])
    page.close()
    faults = [
        f"{document.name}: {fault}"
        for document, seen in zip(documents, found, strict=True)
        for fault in seen["faults"]
    ]
    return faults, [seen["forms"] for seen in found]


def _together(places: Sequence[str], documents: Sequence[Document]) -> str:
    """A page that opens these side by side."""
    framed = (f"{documents[int(place)].path}?document={place}&framed=" for place in places)
    return "".join(f'<iframe src="{address}"></iframe>' for address in framed)


def opened(browser: Browser, addresses: Sequence[str]) -> list[str]:
    """What asked for anything that is not the site's own while these were opened one after another."""
    context = browser.new_context(service_workers="block")
    page, faults = context.new_page(), list[str]()

    def asked(request: Asked) -> None:
        where = urlsplit(request.url)
        if where.scheme not in ("data", "blob") and where.hostname not in OWN:
            faults.append(f"{request.frame.url} asked for {request.url}")

    def said(dialog: Dialog) -> None:
        faults.append(f"{page.url} said {dialog.message}")
        dialog.dismiss()

    context.on("request", asked)
    context.on("dialog", said)
    for address in addresses:
        page.goto(address, wait_until="load")
    context.close()
    return faults
