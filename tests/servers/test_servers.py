"""The servers that other tests stand on do what they say, and leave nothing running."""

import smtplib
import subprocess
import sys
from email.message import EmailMessage

import psutil
import psycopg
import pytest
import redis
import sqlalchemy as sa

from tests.servers import chromium_path, postgres_database, postgres_url, redis_url, smtp_server

pytestmark = pytest.mark.once


def message(to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "forum@example.org", to, "Your place is free"
    mail.set_content("Come at six.")
    return mail


def test_a_database_is_fresh_and_gone_afterwards() -> None:
    with postgres_url() as server:
        with postgres_database() as url:
            engine = sa.create_engine(url)
            with engine.begin() as connection:
                assert sa.inspect(connection).get_table_names() == []
                assert connection.scalar(sa.text("select lower('ÁRBOL')")) == "árbol"
            engine.dispose()
            name = sa.make_url(url).database
        plain = sa.make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain) as connection:
            row = connection.execute("select count(*) from pg_database where datname = %s", [name]).fetchone()
        assert row == (0,)


def test_processes_share_one_database_server() -> None:
    ask = "from tests.servers import postgres_url\nwith postgres_url() as url: print(url)"
    with postgres_url() as url:
        answers = [subprocess.check_output([sys.executable, "-c", ask], text=True).strip() for _ in range(2)]
        assert answers == [url, url]
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def test_redis_answers_and_is_gone_afterwards() -> None:
    with redis_url() as url:
        client = redis.Redis.from_url(url)
        assert client.set("a", "1")
        pid = client.info()["process_id"]
        client.close()
    assert not psutil.pid_exists(pid)


def test_mail_is_kept_with_its_envelope() -> None:
    with smtp_server() as mail, smtplib.SMTP("127.0.0.1", mail.port) as client:
        client.send_message(message("a@example.org"))
        assert [kept["Subject"] for kept in mail.wait_for("a@example.org")] == ["Your place is free"]
        assert mail.to("b@example.org") == []


def test_mail_is_refused_when_told_so() -> None:
    with smtp_server() as mail, smtplib.SMTP("127.0.0.1", mail.port) as client:
        mail.answer = "451 try later"
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            client.send_message(message("a@example.org"))
        assert refusal.value.smtp_code == 451
        assert mail.messages == []


def test_chromium_is_there() -> None:
    answer = subprocess.run([chromium_path(), "--version"], capture_output=True, text=True, check=True)
    assert "Chrom" in answer.stdout
