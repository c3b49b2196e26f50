"""The application behind an address, and people who open it in a browser."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Page

from tests.factories.coalition import Coalition
from tests.support.site import Visitor, coalition_of, move_to, signed_in


@dataclass(frozen=True)
class Served:
    """An application under its address, with its coalition."""

    app: Flask
    address: str
    coalition: Coalition

    def enter(self, page: Page, person_id: int) -> Page:
        """Give the page's browser the session of a person, without the toll of a password hash."""
        return self.lend(page, signed_in(self.app, person_id))

    def lend(self, page: Page, visitor: Visitor) -> Page:
        """Give the page's browser the session of a visitor."""
        cookie = visitor.client.get_cookie("sf", str(urlsplit(self.address).hostname))
        assert cookie is not None
        page.context.add_cookies([{"name": "sf", "value": cookie.value, "url": self.address}])
        return page


def put_behind(app: Flask, address: str) -> Served:
    """The application, told the address that it is served under."""
    move_to(app, address)
    return Served(app, address, coalition_of(app))
