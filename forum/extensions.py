"""The Flask extensions, unbound; ``create_app`` binds them to one application."""

from __future__ import annotations

from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy

from forum.core.db import Base
from forum.core.forgery import Csrf
from forum.core.login import Login

db = SQLAlchemy(model_class=Base)
login = Login()
csrf = Csrf()
babel = Babel()
