"""The bytes of a message, and how it is handed over."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import socket
import threading
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.core import mail
from forum.core.holders import Holder
from forum.core.mail_transport import Refused, Unreachable, open_transport, receipts_path
from tests.servers import free_port, smtp_server

pytestmark = pytest.mark.once
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def composed(message: mail.Message, key: str = "k") -> EmailMessage:
    parsed = email.message_from_bytes(
        mail.compose(message, key=key, at=AT).content, policy=email.policy.default
    )
    assert isinstance(parsed, EmailMessage)
    return parsed


def greeting(**fields: object) -> mail.Message:
    return dataclasses.replace(
        mail.Message(subject="Hello", text="Hello\n", html="<p>Hello</p>", to="ada@example.org"),
        **fields,  # type: ignore[arg-type]
    )


def test_a_message_says_that_a_machine_sent_it(context: Flask) -> None:
    message = composed(greeting())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == AT
    assert str(message["From"]).startswith("Springfield Police Department <")
    assert message.get_content_type() == "multipart/alternative"


def test_the_same_key_makes_the_same_identity_and_another_another(context: Flask) -> None:
    one, same, other = (composed(greeting(), key)["Message-ID"] for key in ("a", "a", "b"))
    assert one == same != other
    assert one.endswith("@localhost>")


def test_letters_of_any_script_arrive(context: Flask) -> None:
    words = "Reunión en Año Nuevo: 会议, שלום"
    message = composed(greeting(subject=words, text=words, html=f"<p>{words}</p>"))
    assert message["Subject"] == words
    assert words in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail.compose(greeting(subject=words), key="k", at=AT).content.isascii()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))),
    data=st.binary(),
    name=st.text(),
)
def test_whatever_is_said_and_attached_arrives_as_it_was(
    context: Flask, words: str, data: bytes, name: str
) -> None:
    file = mail.Attachment(filename=name, content_type="application/ics", data=data)
    form = mail.Attachment(
        filename="x",
        content_type="text/calendar; charset=utf-8; method=REQUEST",
        data=words.encode(),
        alternative=True,
    )
    message = composed(greeting(text=f"{words}\n--=_mix\n", html=words, attachments=(file, form)))
    mixed, attached = message.iter_parts()  # type: ignore[misc]
    plain, html, calendar = mixed.iter_parts()  # type: ignore[attr-defined]
    assert plain.get_content().splitlines() == [words, "--=_mix"]
    assert html.get_content().splitlines() == [words]
    assert calendar.get_payload(decode=True) == words.encode()
    assert (calendar.get_param("method"), calendar.get_content_charset()) == ("REQUEST", "utf-8")
    assert attached.get_payload(decode=True) == data
    assert attached.get_content_disposition() == "attachment"


def test_a_file_keeps_its_name_in_any_script(context: Flask) -> None:
    file = mail.Attachment(filename="Reunión.ics", content_type="application/ics", data=b"x")
    (attached,) = composed(greeting(attachments=(file,))).iter_attachments()
    assert attached.get_filename() == "Reunión.ics"


def test_every_line_fits_into_smtp(context: Flask) -> None:
    long = "x" * 5000
    content = mail.compose(greeting(subject=long, text=long, html=long), key="k", at=AT).content
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(subject=st.text(max_size=60), value=st.text(max_size=60))
def test_no_text_makes_another_header(context: Flask, subject: str, value: str) -> None:
    tail = "\r\nBcc: eve@example.org\n\nbody"
    message = composed(greeting(subject=subject + tail, headers={"X-Reason": value + tail}))
    assert set(message.keys()) == {
        *(
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "X-Auto-Response-Suppress",
            "X-Reason",
        ),
        *("MIME-Version", "Content-Type"),
    }


@pytest.mark.parametrize(
    "address",
    (
        "",
        "nobody",
        "a@b\r\nBcc: eve@example.org",
        "a b@example.org",
        "@example.org",
        "a@",
        "a@b..c",
        "a\x00@b.org",
    ),
)
def test_an_address_that_is_none_is_refused(context: Flask, address: str) -> None:
    with pytest.raises(ValueError, match="not an e-mail address"):
        mail.compose(greeting(to=address), key="k", at=AT)


def test_a_domain_goes_out_in_its_ascii_form(context: Flask) -> None:
    assert (
        mail.compose(greeting(to="ada@münchen.example"), key="k", at=AT).recipient
        == "ada@xn--mnchen-3ya.example"
    )


def test_an_invitation_is_another_form_of_the_text_and_a_file_is_not(context: Flask) -> None:
    calendar = mail.Attachment(
        filename="e.ics",
        content_type="text/calendar; method=REQUEST; charset=utf-8",
        data="ä".encode(),
        alternative=True,
    )
    file = mail.Attachment(filename="plan.pdf", content_type="application/pdf", data=b"%PDF")
    message = composed(greeting(attachments=(file, calendar)))
    parts = {part.get_content_type(): part for part in message.walk()}
    assert message.get_content_type() == "multipart/mixed"
    assert parts["text/calendar"].get_param("method") == "REQUEST"
    assert parts["text/calendar"].get_content().strip() == "ä"
    assert [part.get_filename() for part in message.iter_attachments()] == ["plan.pdf"]


def test_words_and_links_are_the_readers(context: Flask) -> None:
    from flask import url_for
    from flask_babel import get_locale

    with mail.addressed_to("es"):
        assert str(get_locale()).startswith("es")
        assert url_for("health.healthz", _external=True) == "http://localhost/healthz"
    with mail.addressed_to("xx"):
        assert str(get_locale()).startswith("en")


def test_two_threads_write_in_two_languages_at_once(context: Flask) -> None:
    from flask_babel import get_locale

    seen: dict[str, set[str]] = {"en": set(), "es": set()}
    together = threading.Barrier(2)

    def write(language: str) -> None:
        with context.app_context():
            for _time in range(50):
                together.wait()
                with mail.addressed_to(language):
                    together.wait()
                    seen[language].add(str(get_locale())[:2])

    threads = [threading.Thread(target=write, args=(language,)) for language in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"en": {"en"}, "es": {"es"}}


@pytest.fixture
def outgoing(context: Flask) -> mail.Outgoing:
    receipts_path(context.config["FORUM"]).unlink(missing_ok=True)
    return mail.compose(greeting(), key="k", at=AT)


def send(context: Flask, outgoing: mail.Outgoing, url: str) -> None:
    config = dataclasses.replace(context.config["FORUM"], smtp_url=url)
    with Holder() as holder, open_transport(config, holder) as transport:
        transport.send(outgoing)


@pytest.mark.parametrize(
    ("answer", "permanent"), (("451 later", False), ("452 full", False), ("550 no", True), ("554 spam", True))
)
def test_an_answer_is_for_now_or_for_good(
    context: Flask, outgoing: mail.Outgoing, answer: str, permanent: bool
) -> None:
    with smtp_server() as server:
        server.answer = answer
        with pytest.raises(Refused) as refused:
            send(context, outgoing, server.url)
    assert refused.value.permanent is permanent
    assert "ada" not in refused.value.word


def test_what_was_accepted_is_noted(context: Flask, outgoing: mail.Outgoing) -> None:
    with smtp_server() as server:
        send(context, outgoing, server.url)
    assert receipts_path(context.config["FORUM"]).read_text() == f"{outgoing.message_id}\n"


def test_a_server_that_closes_at_once_or_is_not_there_is_not_reached(
    context: Flask, outgoing: mail.Outgoing
) -> None:
    with pytest.raises(Unreachable):
        send(context, outgoing, f"smtp://127.0.0.1:{free_port()}")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        threading.Thread(target=lambda: listener.accept()[0].close(), daemon=True).start()
        with pytest.raises(Unreachable):
            send(context, outgoing, f"smtp://127.0.0.1:{listener.getsockname()[1]}")


class Accounts:
    """An SMTP server that wants a password."""

    def __init__(self) -> None:
        self.given: list[bytes] = []

    def __call__(
        self, _server: object, _session: object, _envelope: object, _mechanism: str, data: object
    ) -> AuthResult:
        self.given.append(data.password)  # type: ignore[attr-defined]
        return AuthResult(success=data.password == b"s e:cret", handled=False)  # type: ignore[attr-defined]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize(("password", "accepted"), (("s%20e%3Acret", True), ("wrong", False)))
def test_a_password_of_the_url_is_given_and_a_wrong_one_is_nobodys_mails_fault(
    context: Flask, outgoing: mail.Outgoing, password: str, accepted: bool
) -> None:
    class Sink:
        async def handle_DATA(self, *_arguments: object) -> str:
            return "250 OK"

    port, accounts = free_port(), Accounts()
    controller = Controller(
        Sink(),
        hostname="127.0.0.1",
        port=port,
        authenticator=accounts,
        auth_require_tls=False,
        auth_required=True,
    )
    controller.start()
    try:
        url = f"smtp://forum:{password}@127.0.0.1:{port}"
        if accepted:
            send(context, outgoing, url)
        else:
            with pytest.raises(Unreachable):
                send(context, outgoing, url)
    finally:
        controller.stop()
    assert accounts.given
