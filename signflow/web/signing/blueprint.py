"""The one blueprint of this area; each file adds its own views."""

from flask import Blueprint

area = Blueprint("signing", __name__)
