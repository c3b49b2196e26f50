"""A register with something in it: what the public tests read."""

from dataclasses import dataclass, replace

from flask import Flask
from werkzeug.test import TestResponse

from signflow.domain.versions import Wording
from signflow.proof.keys import SigningKey, load_key_file
from tests.factories.coalition import Coalition
from tests.support.site import coalition_of, site_of, visitor

MIXED = Wording(
    title="Ніхто не\u00a0павінен “паміраць”, «чакаючы» лекара",
    byline="Супольная заява: śčyra, š, ć — ў",
    date=None,
    language="be",
    addressees=("Дэпартамент «А»", "урады & “іншыя”"),
    body="За 19\u00a0дзён ніводзін лекар не прыйшоў: „не“, “не”, «не», 'не' & <не>.\n\nŚ, š, ć, ў.\n",
)
TAGS = ("Political prisoners", "Права на здароўе")


@dataclass
class Register:
    """A published statement of 23 organisations, two of them withheld, and who may publish more."""

    app: Flask
    coalition: Coalition
    drafter: int
    admin: int
    seats: list[tuple[int, int]]
    reference: str

    def get(self, address: str, **options: object) -> TestResponse:
        """Open an address as somebody who has never been here."""
        return visitor(self.app).get(address, **options)

    def publish(self, wording: Wording, *, tags: tuple[str, ...] = (), signed: int = 1, withheld: int = 0) -> str:
        """Publish one more, three hours after it was written, and return its reference."""
        statement = self.coalition.draft(self.drafter, wording, tags)
        self.coalition.circulate(statement, self.drafter, [organisation for organisation, _ in self.seats])
        for number, (organisation, person) in enumerate(self.seats[:signed]):
            self.coalition.sign(statement, person, organisation, withheld=number < withheld)
        self.coalition.finalize(statement, self.drafter)
        self.coalition.later(hours=3)
        return self.coalition.publish(statement, self.admin)


def with_key_of(app: Flask) -> Coalition:
    """A coalition that publishes with the key of the application, so that readers can check it with the served one."""
    coalition = coalition_of(app)
    coalition.press = replace(coalition.press, signer=key_of(app))
    return coalition


def key_of(app: Flask) -> SigningKey:
    """The key in the application's file."""
    return load_key_file(site_of(app).settings.key_path)


def empty_register(app: Flask) -> Register:
    """People and organisations, nothing published."""
    coalition = with_key_of(app)
    names = [
        {"en": "Lantern Legal Aid", "be": "Ліхтар", "ru": "Фонарь"},
        {"en": "Withheld Names Fund", "be": "Фонд схаваных"},
        {"en": "Night Archive", "be": "Начны архіў", "ru": "Ночной архив"},
        {"en": "Assembly of Newsrooms", "be": "Ўрад рэдакцый", "ru": "Ассамблея редакций"},
        {"ru": "Ёлка"},
        {"be": "=1+1 «Ісціна»"},
        {"be-tarask": "Зьмена"},
    ]
    organisations = [coalition.organisation(**name) for name in names]
    organisations += [coalition.organisation(f"Organisation {number:02}") for number in range(1, 17)]
    seats = [(organisation, coalition.member(organisation)) for organisation in organisations]
    return Register(app, coalition, coalition.drafter(), coalition.admin(), seats, "")


def register_in(app: Flask) -> Register:
    """23 organisations signed a Belarusian text; two are withheld."""
    register = empty_register(app)
    register.reference = register.publish(MIXED, tags=TAGS, signed=23, withheld=2)
    return register
