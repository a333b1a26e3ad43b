"""The WSGI entry point."""

import sys

from forum import cli, create_app
from forum.config import Config

app = cli.without_settings() if cli.asks_for_help(sys.argv) else create_app(Config.from_env())
