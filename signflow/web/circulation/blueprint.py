"""The one blueprint of this area; each file adds its own views."""

from flask import Blueprint

area = Blueprint("circulation", __name__)
