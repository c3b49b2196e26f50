"""How well the person is known who acts: the second factor, how long a session lasts, when it is asked again who is there."""

from datetime import datetime, timedelta

from signflow.domain.actors import Actor

LASTS = timedelta(hours=12)
"""A session ends after this, whatever its person does."""
LASTS_ON_OWN_DEVICE = timedelta(days=14)
"""On a device that the person called their own: enough to read and comment, for every act below still asks."""
IDLE = timedelta(minutes=30)
"""Without a request for this long, a session is over."""
IDLE_OF_READERS = timedelta(hours=2)
"""The same for people who can do nothing in anybody's name."""
PROOF_LASTS = timedelta(minutes=10)
"""For this long after somebody proved who they are, they may sign, publish, or change what people may do."""


def acts_for_others(actor: Actor) -> bool:
    """Whether the person can do something in the name of others: an admin, a drafter, a signatory. Then a second factor is a must."""
    return actor.is_admin or actor.may_draft or bool(actor.signs_for)


def is_idle(seen_at: datetime, *, actor: Actor, on_own_device: bool, now: datetime) -> bool:
    """Whether a session has been left alone for too long."""
    if on_own_device:
        return False
    return now - seen_at > (IDLE if acts_for_others(actor) else IDLE_OF_READERS)


def is_proof_fresh(proved_at: datetime, now: datetime) -> bool:
    """Whether the person proved who they are lately enough to act. A clock that was set back proves nothing."""
    return timedelta(0) <= now - proved_at <= PROOF_LASTS
