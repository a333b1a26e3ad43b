"""The blueprint that every page of discussions belongs to."""

from flask import Blueprint

blueprint = Blueprint("discussions", __name__)
