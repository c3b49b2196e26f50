"""What is kept for how long, and why: what is not stored cannot be taken. `services.purging` keeps these rules, a worker once a day.

Never forgotten: statements and their versions, who signed what, publications, the log, and the events of the history with their chain.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Rule:
    """`what` is forgotten `keeps` after it is over. `name` is for machines."""

    name: str
    what: str
    keeps: timedelta
    why: str


SESSIONS = Rule("sessions", "sessions that ended", timedelta(0), "Nobody needs to know when somebody was signed in.")
ATTEMPTS = Rule(
    "attempts",
    "counted attempts at a door, once their window is over",
    timedelta(0),
    "They tell who tried to come in, and count no longer.",
)
ASKS = Rule(
    "asks", "requests for another phone that no second admin confirmed", timedelta(days=7), "They open nothing then."
)
MAILS = Rule(
    "mails",
    "what is noted of mails that were sent or given up; of a statement, once it has ended",
    timedelta(days=90),
    "They tell who was written to and when. While a statement is open, they show whom to call.",
)
LINKS = Rule(
    "links",
    "one-time links that were used, were revoked or ran out",
    timedelta(days=30),
    "They hold the addresses of people who may never have come. A month is enough to answer “my link does not work”.",
)
WRITINGS = Rule(
    "writings",
    "who was writing a text",
    timedelta(days=1),
    "Others are told for an hour. Who saved which version stays.",
)
UNSAVED = Rule(
    "unsaved",
    "texts that somebody typed and did not save",
    timedelta(days=14),
    "They are for whoever was interrupted, who alone sees them.",
)
READINGS = Rule(
    "readings",
    "who opened a statement and when, once it has ended",
    timedelta(days=90),
    "It shows whom to call before the deadline, and nothing after it.",
)
REASONS = Rule(
    "reasons",
    "reasons for declining, once the statement has ended",
    timedelta(days=90),
    "They were written for the drafters of one text. That an organisation declined stays.",
)
CHALLENGES = Rule(
    "challenges",
    "challenges that a passkey has answered, once they are too old to be answered again",
    timedelta(0),
    "They only keep one answer from being taken twice.",
)
COMMENTS = Rule(
    "comments",
    "comments, suggestions, red lines and answers, once the statement has ended",
    timedelta(days=365),
    "They were said among members to agree on one text. A year answers who asked for which wording.",
)
DRAFTS = Rule(
    "drafts",
    "drafts that were never circulated and that nobody touched: they are withdrawn",
    timedelta(days=365),
    "Nobody is working on them. Their text stays with their drafters alone, as versions never change.",
)
DETAILS = Rule(
    "details",
    "details of the history; its events and their chain stay",
    timedelta(days=730),
    "They name people and organisations. Two years answer the questions that are still asked.",
)

RULES = (
    SESSIONS,
    ATTEMPTS,
    CHALLENGES,
    ASKS,
    MAILS,
    LINKS,
    WRITINGS,
    UNSAVED,
    READINGS,
    REASONS,
    COMMENTS,
    DRAFTS,
    DETAILS,
)
"""In the order in which they are kept: mails go before the links that they carried."""
