"""How the headers of a mail are written on the wire."""

from email.header import Header
from email.headerregistry import BaseHeader
from email.policy import EmailPolicy


class WirePolicy(EmailPolicy):
    """The policy of the standard library, but for Subject: when it folds words that are not ASCII, it loses spaces between them.

    The older `Header` keeps every letter (RFC 2047).
    """

    def fold(self, name: str, value: BaseHeader | str) -> str:
        """A header with its lines, as text."""
        if name.lower() != "subject":
            folded: str = super().fold(name, value)
            return folded
        words = str(value)
        charset = "us-ascii" if words.isascii() else "utf-8"
        return f"{name}: {Header(words, charset, header_name=name).encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: BaseHeader | str) -> bytes:
        """The same as bytes."""
        if name.lower() != "subject":
            folded: bytes = super().fold_binary(name, value)
            return folded
        return self.fold(name, value).encode("ascii")
