"""A worker that kills itself: `killed_worker.py DATABASE-URL SINK MOMENT before|after COUNT`.

It delivers into the file SINK, one Message-ID a line, and sends itself SIGKILL before or after the COUNTth mail has left.
"""

import os
import signal
import sys
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from signflow.database import Database
from tests.integration.mail.office import deliver_all, post_office
from tests.support.databases import SECRET


def main(url: str, sink: str, moment: str, when: str, count: str) -> None:
    left = 0

    def send(message: EmailMessage) -> None:
        nonlocal left
        left += 1
        if left == int(count) and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        with Path(sink).open("a") as file:
            file.write(f"{message['Message-ID']}\n")
            file.flush()
            os.fsync(file.fileno())
        if left == int(count) and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    deliver_all(post_office(Database(url, SECRET), send), now=datetime.fromisoformat(moment))


if __name__ == "__main__":
    main(*sys.argv[1:])
