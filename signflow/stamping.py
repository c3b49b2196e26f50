"""Time stamps of the log (RFC 3161): another authority says that an entry existed by then. `openssl ts` makes and checks them.

What leaves is the SHA-256 of an entry that everybody can read. The reply lies beside the database, in `stamps/` of the home: it is no
part of the log, which stays what it is without it.
"""

import os
import re
import secrets
import shutil
import ssl
import subprocess
import tempfile
import time
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

LARGEST_REPLY = 65_536
"""Bytes; a reply with its certificates has about 2000 to 6000."""
TIMEOUT = 20.0
"""Seconds that the authority may take for each answer, and for all of the reply."""


class StampError(Exception):
    """There is no stamp; the message says why in one sentence for whoever typed the command."""


def stamp_file(home: Path, seq: int) -> Path:
    """Where the stamp of an entry lies."""
    return home / "stamps" / f"{seq}.tsr"


def read_stamp(home: Path, seq: int) -> bytes | None:
    """The stamp of an entry; None when it has none."""
    try:
        with stamp_file(home, seq).open("rb") as file:
            return file.read(LARGEST_REPLY)
    except FileNotFoundError:
        return None


def keep_stamp(home: Path, seq: int, reply: bytes) -> Path:
    """Write the stamp of an entry, whole or not at all. StampError when it has one, or when it cannot be written."""
    file = stamp_file(home, seq)
    unfinished = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as new:
                new.write(reply)
                new.flush()
                os.fsync(descriptor)
            file.hardlink_to(unfinished)
        finally:
            unfinished.unlink()
    except FileExistsError:
        raise StampError(f"Entry {seq} has a stamp already, in {file}.") from None
    except OSError as error:
        raise StampError(f"{file} cannot be written: {error.strerror}.") from None
    return file


def make_request(jws: str) -> bytes:
    """The request for a stamp over the ASCII of an entry's compact JWS. StampError without openssl."""
    with tempfile.TemporaryDirectory() as folder:
        entry, request = Path(folder, "entry"), Path(folder, "request.tsq")
        entry.write_text(jws, "ascii")
        # without a nonce the same request can be carried to the authority by hand, and its reply be checked later
        said = _openssl("ts", "-query", "-data", entry, "-sha256", "-cert", "-no_nonce", "-out", request)
        if said is not None:
            raise StampError(f"openssl could not make a request: {said}.")
        return request.read_bytes()


def refuse_unfit(reply: bytes, jws: str, *, authority: Path) -> None:
    """StampError unless the reply is a stamp over this entry by an authority whose certificate is in that PEM file."""
    with tempfile.TemporaryDirectory() as folder:
        entry, answer = Path(folder, "entry"), Path(folder, "reply.tsr")
        entry.write_text(jws, "ascii")
        answer.write_bytes(reply)
        said = _openssl("ts", "-verify", "-data", entry, "-in", answer, "-CAfile", authority)
    if said is not None:
        raise StampError(f"The reply is no stamp of this entry by that authority ({said}). Nothing was kept.")


def _openssl(*words: str | Path) -> str | None:
    """Run openssl; None when it is content, otherwise the first reason that it gives."""
    program = shutil.which("openssl")
    if program is None:
        raise StampError("The program openssl is not on this machine; time stamps are made and checked with it.")
    done = subprocess.run(
        [program, *map(str, words)], capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False
    )
    if done.returncode == 0:
        return None
    # thread:error:number:library:function:reason:file:line:…, the innermost first
    reasons = re.findall(r":error:[^:]*:[^:]*:[^:]*:([^:]+):", done.stderr.decode("utf-8", "replace"))
    return str(reasons[0]) if reasons else "no reason given"


def ask(url: str, request: bytes) -> bytes:
    """Send the request to an authority by HTTP (RFC 3161, 3.4), and give its reply. StampError when there is none in time."""
    address = urlsplit(url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise StampError("The address of an authority begins with http:// or https://")
    try:
        port = address.port
        connection = (
            HTTPSConnection(address.hostname, port, timeout=TIMEOUT, context=ssl.create_default_context())
            if address.scheme == "https"
            else HTTPConnection(address.hostname, port, timeout=TIMEOUT)
        )
        try:
            path = (address.path or "/") + (f"?{address.query}" if address.query else "")
            connection.request("POST", path, request, {"Content-Type": "application/timestamp-query"})
            return _whole(connection.getresponse())
        finally:
            connection.close()
    except (OSError, ValueError, HTTPException) as error:
        raise StampError(f"The authority cannot be asked: {type(error).__name__}.") from None


def _whole(answer: HTTPResponse) -> bytes:
    """The body, of a size and in a time that are bounded."""
    until = time.monotonic() + TIMEOUT
    if answer.status != 200:
        raise StampError(f"The authority answered {answer.status}.")
    reply = b""
    while piece := answer.read1(8192):
        reply += piece
        if len(reply) > LARGEST_REPLY:
            raise StampError("The reply of the authority is too large.")
        if time.monotonic() > until:
            raise StampError("The authority took too long to answer.")
    return reply
