"""The site can be started, killed and started again as an operator's would be."""

import urllib.error
import urllib.request

import pytest

from tests.servers import running_site
from tests.servers.ports import runs

pytestmark = pytest.mark.once


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_killed_site_leaves_nothing_and_comes_back() -> None:
    with running_site(workers=2) as site:
        workers = site.worker_pids()
        assert len(workers) >= 2
        site.kill()
        assert not any(runs(pid) for pid in workers)
        site.start()
        assert status(f"{site.url}/no-such-page") == 404
        workers = site.worker_pids()
    assert not any(runs(pid) for pid in workers)
    assert not site.instance.exists()


def test_a_site_runs_commands_before_it_starts() -> None:
    with running_site(start=False) as site:
        assert "0001" in site.flask("db", "history")
        with pytest.raises(RuntimeError, match="no-such-command"):
            site.flask("no-such-command")
