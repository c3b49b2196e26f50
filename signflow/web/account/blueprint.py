"""Where the views of doors and accounts are hung up."""

from flask import Blueprint

area = Blueprint("account", __name__)
