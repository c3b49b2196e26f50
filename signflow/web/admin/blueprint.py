"""The area of the coalition's people, mail and denials."""

from flask import Blueprint

area = Blueprint("admin", __name__)
