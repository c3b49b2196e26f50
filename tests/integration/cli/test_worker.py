"""`signflow worker` as a process: it delivers to a real server and ends when it is told to."""

import os
import sys
import threading
import time
from datetime import UTC, datetime

import pytest

from tests.integration.cli.installation import Installation
from tests.integration.mail.office import outbox
from tests.support.programs import running
from tests.support.smtp import SmtpServer

pytestmark = pytest.mark.slow


def test_it_delivers_and_ends_when_told(installation: Installation, smtp_server: SmtpServer) -> None:
    coalition = installation.coalition()
    coalition.now = datetime.now(UTC)  # the clock of the process that is started below
    drafter = coalition.drafter()
    pairs = coalition.members(3)
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation for organisation, _ in pairs])
    environment = {
        **{name: setting for name, setting in os.environ.items() if not name.startswith("SIGNFLOW_")},
        "PYTHONUNBUFFERED": "1",
        "SIGNFLOW_HOME": str(installation.home),
        "SIGNFLOW_MAIL_URL": f"smtp://localhost:{smtp_server.port}?ca={smtp_server.authority}",
    }
    words = [sys.executable, "-c", "from signflow.cli import main; main()", "worker"]
    with running(words, folder=installation.home, environment=environment) as worker:
        worker.wait_for("Delivering mails.", within=60)
        never, limit = threading.Event(), time.monotonic() + 30
        while not all(mail.sent_at for mail in outbox(coalition.database)) and time.monotonic() < limit:
            never.wait(0.05)
        assert worker.stop() == 0
    assert len(smtp_server.deliveries) == 3
    assert all(mail.sent_at for mail in outbox(coalition.database))
    coalition.database.close()
