"""The words of each mail: templates/emails/<kind>.txt, in the language and the time zone of who reads it.

The subject is fixed for each kind: a mailbox that is seized or shown on a screen names no statement and no other organisation.
"""

import re
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import jinja2
from babel.dates import format_datetime, get_timezone_location
from babel.support import Translations

from signflow.mail_headers import WirePolicy
from signflow.mailer import address
from signflow.paths import TEMPLATES, TRANSLATIONS
from signflow.queries.mails import MailFacts
from signflow.services.accounts import link_token
from signflow.settings import Settings

# lines are wrapped by the encoding, and nothing but ASCII goes over the wire
POLICY = WirePolicy(linesep="\r\n", cte_type="7bit")


def compose(facts: MailFacts, settings: Settings, *, now: datetime) -> EmailMessage:
    """The message, ready to send: one recipient, plain text in UTF-8, Message-ID of its outbox row (RFC 5322, RFC 3834)."""
    subject, body = text_of(facts, settings)
    message = EmailMessage(policy=POLICY)
    message["From"] = address(settings.coalition_name, settings.sender)
    message["To"] = address(facts.receiver.name, facts.receiver.email)
    message["Subject"] = subject
    message["Date"] = now
    message["Message-ID"] = f"<{facts.message_id}@{urlsplit(settings.base_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def text_of(facts: MailFacts, settings: Settings) -> tuple[str, str]:
    """(subject, body) in the receiver's language, or the installation's first one where it does not write the receiver's."""
    asked = facts.receiver.language
    language = asked if asked in settings.languages else settings.default_language
    template = _environment(language).get_template(f"{facts.kind}.txt")
    written = template.render(
        facts=facts,
        receiver=facts.receiver,
        coalition=settings.coalition_name,
        origin=settings.origin,
        language=language,
        token=_token(facts, settings),
        clock=lambda moment: _both_clocks(moment, settings.time_zone, facts.receiver.time_zone, language=language),
    )
    subject, _, body = written.strip().partition("\n")
    return subject.strip(), re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"


@cache
def _environment(language: str) -> jinja2.Environment:
    # plain text: escaping for HTML would spoil names
    environment = jinja2.Environment(  # noqa: S701
        loader=jinja2.FileSystemLoader(TEMPLATES / "emails"),
        extensions=["jinja2.ext.i18n"],
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    translations = Translations.load(str(TRANSLATIONS), [language])
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    return environment


def _token(facts: MailFacts, settings: Settings) -> str:
    """The token of the link: the same in a mail that is sent twice, and kept nowhere."""
    if facts.offered is None:
        return ""
    secret = settings.secret
    return link_token(secret, purpose=facts.offered.purpose, nonce=facts.offered.nonce)


def _both_clocks(moment: datetime, ours: str, theirs: str, *, language: str) -> tuple[str, str]:
    """“Thursday 26 November 2026, 18:00 Vilnius” and “17:00 Warsaw”; the second is empty where both clocks show the same."""
    local, own = moment.astimezone(ZoneInfo(ours)), moment.astimezone(ZoneInfo(theirs))
    text = f"{format_datetime(local, 'EEEE d MMMM y, HH:mm', locale=language)} {_place(local, ours, language)}"
    if local.utcoffset() == own.utcoffset():
        return text, ""
    pattern = "HH:mm" if local.date() == own.date() else "d MMMM, HH:mm"
    return text, f"{format_datetime(own, pattern, locale=language)} {_place(own, theirs, language)}"


def _place(local: datetime, zone: str, language: str) -> str:
    return "UTC" if zone == "UTC" else get_timezone_location(local.tzinfo, locale=language, return_city=True)
