"""What junk costs the verifier."""

import time
from collections.abc import Callable

from signflow.proof.verify import VerifyError, b64url, load_keys, verify_entry, verify_statement
from tests.interop.making import VECTORS

SIZE = 1_000_000


def megabyte_of_junk() -> float:
    """Seconds that the slowest of many megabytes of junk takes to be refused."""
    keys = load_keys((VECTORS / "keys.json").read_text())
    record = (VECTORS / "statement.sdjwt").read_text()
    header = record.split(".")[0]
    raw = [b"[" * SIZE, b'{"a":' * (SIZE // 5), b"9" * SIZE, b'"' + b"\\u0000" * (SIZE // 6), b"1e" + b"9" * SIZE]
    junk = [(one * SIZE)[:SIZE] for one in ("~", ".", "A", "[", "9", "\x00", "я", record)]
    junk += [f"{header}.{b64url(one)}.{b64url(one)}~" for one in raw] + [f"{record}{b64url(one)}~" for one in raw]
    checks: list[Callable[[str], object]] = [
        lambda one: verify_statement(one, keys),
        lambda one: verify_entry(one, keys),
    ]
    return max(_seconds(check, one) for one in junk for check in checks)


def _seconds(check: Callable[[str], object], junk: str) -> float:
    before = time.perf_counter()
    try:
        check(junk)
    except VerifyError:
        return time.perf_counter() - before
    raise AssertionError("junk was accepted")
