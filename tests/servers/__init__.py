"""Real servers for tests, each a context manager that leaves nothing running.

    with postgres_database() as url: ...            # a fresh, empty database of its own
    with redis_url() as url: ...
    with smtp_server() as mail: ...                 # mail.url, mail.messages
    with running_site({"FORUM_DATABASE_URL": url}) as site: ...   # site.url, site.kill(), site.start()

``python -m tests.servers ensure`` installs what a wheel cannot bring: Chromium and system packages.
"""

from tests.servers.browser import chromium_args, chromium_path, running_chromium
from tests.servers.mail import MailServer, smtp_server
from tests.servers.ports import free_port, wait_until
from tests.servers.postgres import postgres_database, postgres_url
from tests.servers.redis import redis_url
from tests.servers.site import Site, running_site

__all__ = [
    "MailServer",
    "Site",
    "chromium_args",
    "chromium_path",
    "free_port",
    "postgres_database",
    "postgres_url",
    "redis_url",
    "running_chromium",
    "running_site",
    "smtp_server",
    "wait_until",
]
