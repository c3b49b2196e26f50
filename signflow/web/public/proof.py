"""What is signed, as files: a statement's entry, text and list, the log, the keys."""

from pathlib import Path

from flask import Blueprint, Response

from signflow.documents.tables import csv_bytes
from signflow.proof import verify
from signflow.proof.issue import sign_head
from signflow.proof.keys import jwks_text
from signflow.proof.log import heads_text, log_text
from signflow.queries import publications
from signflow.queries.annexes import annexes_of, record_of
from signflow.queries.keys import public_keys
from signflow.stamping import read_stamp
from signflow.web.access import public
from signflow.web.loading import not_found
from signflow.web.public.additions import late_lists
from signflow.web.public.answers import file_answer, fresh
from signflow.web.public.loading import load_annex, load_publication, load_text, register_key, register_signer
from signflow.web.site import now, site
from signflow.web.transaction import reading
from signflow.web.word import WORD, word_to_read

area = Blueprint("proof", __name__)

ASCII = "text/plain; charset=us-ascii"


def _unarchived(response: Response) -> Response:
    """With names in it: what search engines keep for ever could not lose a name that is withheld later."""
    response.headers["X-Robots-Tag"] = "noarchive"
    return response


@area.route("/statements/<reference>.sdjwt", methods=["GET"])
@public
def signed_record(reference: str) -> Response:
    """The signed entry with the names that are shown now (RFC 9901)."""
    record = publications.sd_jwt(reading(), load_publication(reference)).encode("ascii")
    return _unarchived(file_answer(record, "application/sd-jwt; charset=us-ascii", filename=f"{reference}.sdjwt"))


@area.route("/statements/<reference>.annex-<int(max=9999):number>.sdjwt", methods=["GET"])
@public
def annex_record(reference: str, number: int) -> Response:
    """The signed entry of an annex with the names that are shown now (RFC 9901)."""
    record = record_of(reading(), load_annex(reference, number)).encode("ascii")
    filename = f"{reference}.annex-{number}.sdjwt"
    return _unarchived(file_answer(record, "application/sd-jwt; charset=us-ascii", filename=filename))


@area.route("/statements/<reference>.<tongue>.md", methods=["GET"])
@public
def text(reference: str, tongue: str) -> Response:
    """The very bytes that were signed, of the text or a translation: their SHA-256 stands in the entry."""
    found = load_text(reference, tongue)
    filename = f"{reference}.{found.language}.md"
    return _unarchived(file_answer(found.canonical, "text/markdown; charset=utf-8", filename=filename))


@area.route("/statements/<reference>.<tongue>.docx", methods=["GET"])
@public
def word(reference: str, tongue: str) -> Response:
    """The text for reading in Word: without the list, and without any proof."""
    found = load_text(reference, tongue)
    return _unarchived(file_answer(word_to_read(found), WORD, filename=f"{reference}.{found.language}.docx"))


@area.route("/statements/<reference>/signatories.csv", methods=["GET"])
@public
def signatories(reference: str) -> Response:
    """Who is named, as printed in the language of the text, for a spreadsheet; `annex` is the number of the one that added it."""
    publication = load_publication(reference)
    tongue = publication.version.language
    lists = [("", publications.printed_list(reading(), publication, tongue))]
    late = late_lists(annexes_of(reading(), publication.statement_id), tongue)
    lists += [(str(one.annex.number), one.printed) for one in late]
    rows = [(one.name, one.language, one.signed_on, annex) for annex, printed in lists for one in printed.names]
    table = csv_bytes(("name", "language", "signed_on", "annex"), rows)
    return _unarchived(file_answer(table, "text/csv; charset=utf-8", filename=f"{reference}.signatories.csv"))


@area.route("/log/log.txt", methods=["GET"])
@public
def log() -> Response:
    """Every entry of the log, one a line."""
    return file_answer(log_text(publications.log_entries(reading())).encode("ascii"), ASCII)


@area.route("/log/heads.txt", methods=["GET"])
@public
def heads() -> Response:
    """The head of every entry: what a verifier remembers."""
    return file_answer(heads_text(publications.log_entries(reading())).encode("ascii"), ASCII)


@area.route("/log/<int(max=9007199254740991):seq>.tsr", methods=["GET"])
@public
def time_stamp(seq: int) -> Response:
    """What another authority says of when an entry existed (RFC 3161); 404 for an entry that has no stamp."""
    reply = read_stamp(site().settings.home, seq)
    if reply is None:
        raise not_found()
    return file_answer(reply, "application/timestamp-reply", filename=f"{seq}.tsr")


@area.route("/log/head", methods=["GET"])
@public
def head() -> Response:
    """A fresh, signed word on which entry is the newest; 404 for an empty log, 503 without the key."""
    newest = publications.newest_entry(reading())
    if newest is None:
        raise not_found()
    issued_at = max(int(now().timestamp()), newest.issued_at)
    return fresh(sign_head(register_signer(), origin=site().settings.origin, issued_at=issued_at, newest=newest))


@area.route("/verify/signflow_verify.py", methods=["GET"])
@public
def verifier() -> Response:
    """The strict verifier, the very module that this program uses: one file that anybody can read and run."""
    source = Path(verify.__file__).read_bytes()
    return file_answer(source, "text/x-python; charset=utf-8", filename="signflow_verify.py")


@area.route("/verify/signflow_verify.sh", methods=["GET"])
@public
def shell_verifier() -> Response:
    """The same check with openssl and coreutils: a script that anybody can read and run."""
    return file_answer(shell_script().encode("ascii"), ASCII, filename="signflow_verify.sh")


def shell_script() -> str:
    """The script that `/verify/signflow_verify.sh` serves."""
    return Path(verify.__file__).with_suffix(".sh").read_text("ascii")


@area.route("/.well-known/signflow-keys.json", methods=["GET"])
@public
def keys() -> Response:
    """Every public key that the log ever used, as a JWK set (RFC 7517), the register's own last; 503 without the key."""
    listed = public_keys(reading(), register_key().jwk).values()
    return file_answer(jwks_text(listed).encode(), "application/jwk-set+json")
