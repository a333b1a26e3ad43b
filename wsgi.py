"""The WSGI entry point."""

from forum import create_app
from forum.config import Config

app = create_app(Config.from_env())
