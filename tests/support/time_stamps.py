"""A time-stamping authority of the test's own (RFC 3161), made with openssl, and a server that lets it answer."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[leaf]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = stamps
[stamps]
serial = {folder}/serial
signer_cert = {folder}/leaf.pem
certs = {folder}/root.pem
signer_key = {folder}/leaf.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
"""


@dataclass(frozen=True)
class Authority:
    """An authority in a folder of its own; `root` is the certificate to trust."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def answer(self, request: bytes) -> bytes:
        """The reply to a request for a stamp."""
        (self.folder / "request.tsq").write_bytes(request)
        _openssl(self.folder, "ts -reply -config config -section stamps -queryfile request.tsq -out reply.tsr")
        return (self.folder / "reply.tsr").read_bytes()


def make_authority(folder: Path) -> Authority:
    """A root and under it a certificate that may stamp."""
    folder.mkdir()
    (folder / "config").write_text(CONFIG.format(name="Test time", folder=folder))
    (folder / "serial").write_text("01\n")
    key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config config"
    _openssl(folder, f"req -x509 {key} -extensions root -keyout root.key -out root.pem -days 2")
    _openssl(folder, f"req {key} -subj /CN=stamps -keyout leaf.key -out leaf.csr")
    issue = "-CA root.pem -CAkey root.key -CAcreateserial -days 2 -extfile config -extensions leaf"
    _openssl(folder, f"x509 -req -in leaf.csr {issue} -out leaf.pem")
    return Authority(folder)


def _openssl(folder: Path, words: str) -> None:
    subprocess.run(["openssl", *words.split()], cwd=folder, capture_output=True, check=True, timeout=60)


@contextmanager
def answering(
    answer: Callable[[bytes], bytes], status: int = 200
) -> Iterator[tuple[str, list[tuple[str, str, bytes]]]]:
    """A server that gives this answer to every request; its address, and what it was asked: path, media type, body."""
    asked: list[tuple[str, str, bytes]] = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.path, self.headers["Content-Type"], body))
            reply = answer(body)
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa?x=1", asked
    finally:
        server.shutdown()
        server.server_close()
