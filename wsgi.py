"""The WSGI entry point."""

import gc
import sys

gc.disable()  # a start makes what stays, and to look for garbage in it meanwhile takes a tenth of its time

from forum import cli, create_app  # noqa: E402
from forum.config import Config  # noqa: E402

app = cli.without_settings() if cli.asks_for_help(sys.argv) else create_app(Config.from_env())
gc.enable()
