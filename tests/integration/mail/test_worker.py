"""The worker: what is still true goes out once, refusals are remembered, a repeat carries the same Message-ID."""

import threading
from datetime import timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.signing import Standing
from signflow.mailer import Relay, Undelivered
from signflow.models import AccountLink, Membership, Organisation, OutboxMail, Person, Statement
from signflow.queries.standing import board
from signflow.services import signing
from signflow.services.outbox import LEASE, claim
from signflow.worker import PAUSE, deliver_one, run
from tests.factories.coalition import Coalition
from tests.integration.mail.office import Mailbox, deliver_all, outbox, post_office
from tests.integration.mail.test_texts import Scene
from tests.support.smtp import SmtpServer


def test_every_receiver_gets_one_mail_and_the_row_says_so(database: Database) -> None:
    scene, box = Scene(database), Mailbox()
    assert deliver_all(post_office(database, box.send), now=scene.coalition.now) == 3
    rows = outbox(database)
    assert [message["Message-ID"] for message in box.messages] == [
        f"<{row.message_id}@statements.example.org>" for row in rows
    ]
    assert {row.sent_at for row in rows} == {scene.coalition.now}
    assert {(row.attempts, row.leased_until, row.last_error) for row in rows} == {(1, None, "")}
    assert not deliver_one(post_office(database, box.send), now=scene.coalition.now)


def test_it_goes_out_over_a_real_server(sqlite_database: Database, smtp_server: SmtpServer) -> None:
    scene = Scene(sqlite_database)
    relay = Relay.of(f"smtp://localhost:{smtp_server.port}?ca={smtp_server.authority}")
    deliver_all(post_office(sqlite_database, relay.send), now=scene.coalition.now)
    with sqlite_database.read() as session:
        expected = [session.get_one(Person, row.person_id).email for row in outbox(sqlite_database)]
    assert [delivery.recipients for delivery in smtp_server.deliveries] == [(email,) for email in expected]
    assert all(delivery.encrypted for delivery in smtp_server.deliveries)


def test_a_mailbox_that_does_not_exist_is_bounced_on_the_board(
    sqlite_database: Database, smtp_server: SmtpServer
) -> None:
    scene = Scene(sqlite_database)
    with sqlite_database.read() as session:
        smtp_server.refuse(session.get_one(Person, scene.nina).email)
    relay = Relay.of(f"smtp://localhost:{smtp_server.port}?ca={smtp_server.authority}")
    deliver_all(post_office(sqlite_database, relay.send), now=scene.coalition.now)
    refused = next(row for row in outbox(sqlite_database, "circulated") if row.person_id == scene.nina)
    assert (refused.failed_at, refused.sent_at, refused.last_error) == (scene.coalition.now, None, "550 5.1.1")
    with sqlite_database.read() as session:
        shown = {
            row.organisation_id: row.standing
            for row in board(session, session.get_one(Statement, scene.statement)).rows
        }
    assert shown == {scene.organisation: Standing.BOUNCED, scene.other: Standing.SIGNED}
    assert len(smtp_server.deliveries) == 2


def test_a_mailbox_that_is_full_is_tried_again_later(sqlite_database: Database, smtp_server: SmtpServer) -> None:
    scene = Scene(sqlite_database)
    with sqlite_database.read() as session:
        email = session.get_one(Person, scene.nina).email
    smtp_server.refuse(email, "452 4.2.2 full")
    relay = Relay.of(f"smtp://localhost:{smtp_server.port}?ca={smtp_server.authority}")
    office = post_office(sqlite_database, relay.send)
    deliver_all(office, now=scene.coalition.now)
    waiting = next(row for row in outbox(sqlite_database) if row.person_id == scene.nina)
    assert (waiting.last_error, waiting.failed_at) == ("452 4.2.2", None)
    assert waiting.not_before == scene.coalition.now + timedelta(minutes=1)
    smtp_server.accept(email)
    assert deliver_all(office, now=scene.coalition.later(seconds=59)) == 0
    assert deliver_all(office, now=scene.coalition.later(seconds=1)) == 1
    assert [one.message["Message-ID"] for one in smtp_server.deliveries if one.recipients == (email,)] == [
        f"<{waiting.message_id}@statements.example.org>"
    ]


def test_one_refusal_does_not_stop_the_others(sqlite_database: Database) -> None:
    scene, box = Scene(sqlite_database), Mailbox()
    first = outbox(sqlite_database)[0].message_id

    def send(message: EmailMessage) -> None:
        if first in message["Message-ID"]:
            raise Undelivered("550", is_final=True)
        box.send(message)

    deliver_all(post_office(sqlite_database, send), now=scene.coalition.now)
    assert len(box.messages) == 2


def test_a_mail_that_cannot_be_written_is_no_end_of_the_worker(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    scene, box = Scene(sqlite_database), Mailbox()
    with sqlite_database.write() as session:
        session.execute(sa.update(Person).where(Person.id == scene.nina).values(name="Nina\r\nBcc: e@example.org"))
    deliver_all(post_office(sqlite_database, box.send), now=scene.coalition.now)
    broken = next(row for row in outbox(sqlite_database) if row.person_id == scene.nina)
    assert (broken.last_error, broken.sent_at) == ("ValueError", None)
    assert len(box.messages) == 2
    assert caplog.messages == [f"mail {broken.id} cannot be written (ValueError)"]


def test_a_repeat_after_a_lost_lease_carries_the_same_message_id(database: Database) -> None:
    scene, box = Scene(database), Mailbox()
    with database.write() as session:
        lost = claim(session, now=scene.coalition.now)
        assert lost is not None
        message_id = f"<{lost.message_id}@statements.example.org>"
    office = post_office(database, box.send)
    deliver_all(office, now=scene.coalition.now)
    assert message_id not in box.ids
    scene.coalition.now += LEASE
    deliver_all(office, now=scene.coalition.now)
    assert box.ids.count(message_id) == 1
    assert len(box.messages) == 3


def test_a_late_failure_does_not_undo_what_another_worker_sent(sqlite_database: Database) -> None:
    scene, box = Scene(sqlite_database), Mailbox()
    now = scene.coalition.now

    def slow(_message: EmailMessage) -> None:
        deliver_all(post_office(sqlite_database, box.send), now=now + LEASE)
        raise Undelivered("TimeoutError", is_final=True)

    deliver_one(post_office(sqlite_database, slow), now=now)
    assert {(row.failed_at, row.last_error) for row in outbox(sqlite_database)} == {(None, "")}


def test_several_workers_send_each_mail_once(database: Database) -> None:
    coalition, boxes = Coalition(database), [Mailbox(), Mailbox(), Mailbox()]
    drafter = coalition.drafter()
    pairs = coalition.members(12)
    coalition.circulate(coalition.draft(drafter), drafter, [organisation for organisation, _ in pairs])
    threads = [
        threading.Thread(target=deliver_all, args=(post_office(database, box.send),), kwargs={"now": coalition.now})
        for box in boxes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [one for box in boxes for one in box.ids]
    assert len(sent) == len(set(sent)) == 12
    assert all(row.sent_at for row in outbox(database))


def _obsolete(scene: Scene, kind: str) -> bool:
    box = Mailbox()
    mail = outbox(scene.coalition.database, kind)[-1]
    deliver_all(post_office(scene.coalition.database, box.send), now=scene.coalition.now)
    row = next(one for one in outbox(scene.coalition.database) if one.id == mail.id)
    was_sent = any(mail.message_id in one for one in box.ids)
    assert was_sent is (row.sent_at is not None)
    assert (row.last_error == "obsolete") is (row.failed_at is not None)
    return not was_sent


def test_what_was_withdrawn_is_not_put_before_anybody(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.withdrawn()
    assert _obsolete(scene, "circulated")


def test_after_the_deadline_nobody_is_asked(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.reminder()
    scene.coalition.later(hours=49)
    assert _obsolete(scene, "reminder")


def test_an_inactive_organisation_is_not_asked(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.reminder()
    with sqlite_database.write() as session:
        session.execute(sa.update(Organisation).values(status="inactive"))
    assert _obsolete(scene, "reminder")


def test_who_signed_meanwhile_is_not_reminded(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.reminder()
    scene.signed()
    assert _obsolete(scene, "reminder")


def test_who_declined_meanwhile_is_not_reminded(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.reminder()
    with sqlite_database.write() as session:
        actor, now = scene.coalition.actor(session, scene.nina), scene.coalition.now
        signing.decline(session, scene.statement, actor=actor, organisation_id=scene.organisation, reason="", now=now)
    assert _obsolete(scene, "reminder")


def test_who_signed_again_meanwhile_is_not_asked_again(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.sign_again()
    scene.signed()
    assert _obsolete(scene, "sign-again")


def test_a_disabled_person_gets_no_mail(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    with sqlite_database.write() as session:
        session.get_one(Person, scene.nina).disabled_at = scene.coalition.now
    assert _obsolete(scene, "circulated")


def test_who_left_the_organisation_gets_no_mail(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.signed()
    with sqlite_database.write() as session:
        seat = sa.update(Membership).where(Membership.person_id == scene.nina)
        session.execute(seat.values(until=scene.coalition.now))
    assert _obsolete(scene, "signed")


@pytest.mark.parametrize("column", ["used_at", "revoked_at", "expires_at"])
def test_a_link_that_opens_nothing_is_not_sent(sqlite_database: Database, column: str) -> None:
    scene = Scene(sqlite_database)
    scene.person_invited()
    with sqlite_database.write() as session:
        session.execute(sa.update(AccountLink).values({column: scene.coalition.now}))
    assert _obsolete(scene, "person-invited")


def test_a_link_to_an_inactive_organisation_is_not_sent(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.person_invited()
    with sqlite_database.write() as session:
        session.get_one(Organisation, scene.organisation).status = "inactive"
    assert _obsolete(scene, "person-invited")


def test_the_alarm_is_sent_even_when_the_signature_is_gone(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.signature_withdrawn()
    assert not _obsolete(scene, "signed")


def test_the_loop_ends_when_it_is_told_to(sqlite_database: Database) -> None:
    scene, box, stop = Scene(sqlite_database), Mailbox(), threading.Event()

    def send(message: EmailMessage) -> None:
        box.send(message)
        stop.set()

    run(post_office(sqlite_database, send), stop=stop, clock=lambda: scene.coalition.now, pause=PAUSE)
    assert len(box.messages) == 1
    with sqlite_database.read() as session:
        sent = session.scalar(sa.select(sa.func.count()).where(OutboxMail.sent_at.is_not(None)))
    assert sent == 1
