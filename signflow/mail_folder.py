"""Where the demo puts its mails instead of sending them: one .eml file each, named by the Message-ID."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True)
class KeptMail:
    """One mail as its receiver would read it; `name` finds it again."""

    name: str
    to: str
    subject: str
    at: datetime
    body: str


@dataclass(frozen=True)
class MailFolder:
    """A folder of mails, newest first. A mail sent twice has one file, as it has one place in a mailbox."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        """Keep the message; whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        unfinished = self.folder / f"{name}.new"
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(self.folder / f"{name}.eml")

    def newest(self, most: int) -> list[KeptMail]:
        """The newest mails, at most so many."""
        kept = [_read(file) for file in self.folder.glob("*.eml")]
        return sorted(kept, key=lambda mail: (mail.at, mail.name), reverse=True)[:most]

    def find(self, name: str) -> KeptMail | None:
        """The mail of that name."""
        file = self.folder / f"{name}.eml"
        return _read(file) if _NAME.fullmatch(name) and file.is_file() else None


def _read(file: Path) -> KeptMail:
    message = email.message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=email.policy.SMTP)
    return KeptMail(
        name=file.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=message["Date"].datetime,
        body=message.get_content().replace("\r\n", "\n"),
    )
