"""Pages of discussions: boards, a topic, writing."""

from flask import Blueprint

blueprint = Blueprint("discussions", __name__)
