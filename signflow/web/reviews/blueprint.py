"""The blueprint that the modules of this area hang their views on."""

from flask import Blueprint

area = Blueprint("reviews", __name__)
