"""Other people's libraries read the same files: PyPI sd-jwt and jwcrypto, npm @sd-jwt/core and jose.

None may show a name that was not signed, and each must refuse what is not signed at all. What else they refuse is their affair, and
differs: that is why the how-to recommends our verifier or the shell script, and says what a library does not check.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jwcrypto import jwk, jws
from sd_jwt.verifier import SDJWTVerifier

from signflow.proof.verify import load_keys, verify_statement
from tests.interop.making import NAMES, VECTORS
from tests.interop.test_vectors import KEYS, RECORDS, REFUSED

HERE = Path(__file__).parent
# an entry whose own signature is broken: no library may take it
BROKEN = [
    *("a digest changed", "the count changed", "the text hash changed", "no algorithm", "a secret algorithm"),
    *("a key in the header", "an unknown key"),
]
# signed by nobody, and yet a library may accept the record: then it must not show the name
NOT_SHOWN = {"en": "Invented Society"}
NPM = ("@sd-jwt/core", "sd-jwt-core-next")


def record_of(name: str) -> str:
    return REFUSED[name]["record"] if name in REFUSED else (VECTORS / f"{name}.sdjwt").read_text()


def _key(_issuer: str, header: dict[str, Any]) -> jwk.JWK:
    return jwk.JWK(**KEYS[header["kid"]])


def with_sd_jwt(record: str) -> list[dict[str, str]]:
    """The names that PyPI's sd-jwt shows."""
    payload = SDJWTVerifier(record, _key).get_verified_payload()
    return [one["name"] for one in payload["signatories"]]


def with_jwcrypto(record: str) -> dict[str, Any]:
    """What jwcrypto reads out of the entry itself."""
    token = jws.JWS()
    token.allowed_algs = ["EdDSA"]
    token.deserialize(record.split("~")[0])
    token.verify(_key("", token.jose_header))
    payload: dict[str, Any] = json.loads(token.payload)
    return payload


@pytest.mark.parametrize("name", RECORDS)
def test_sd_jwt_and_jwcrypto_read_the_same(name: str) -> None:
    signed, named = RECORDS[name]
    assert sorted(map(repr, with_sd_jwt(record_of(name)))) == sorted(repr(NAMES[one]) for one in named)
    assert with_jwcrypto(record_of(name)) == verify_statement(record_of(name), KEYS).payload
    assert with_jwcrypto(record_of(name))["signatory_count"] == signed


@pytest.mark.parametrize("read", [with_sd_jwt, with_jwcrypto])
@pytest.mark.parametrize("name", BROKEN)
def test_sd_jwt_and_jwcrypto_refuse_what_is_not_signed(name: str, read: Callable[[str], object]) -> None:
    with pytest.raises(Exception, match=r".*"):  # each library has errors of its own
        read(record_of(name))


def test_sd_jwt_never_shows_a_name_that_is_not_signed() -> None:
    for name in ("a name changed", "a name invented"):
        assert NOT_SHOWN not in with_sd_jwt(record_of(name))
        assert all(one in NAMES for one in with_sd_jwt(record_of(name)))


OLDEST_NODE = 20


def _fetched(folder: Path) -> bool:
    """Whether npm put the libraries there; it does not wait long for a network that is not there."""
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / "node" / name, folder / name)
    calm = [
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--fetch-retries=1",
        "--fetch-timeout=20000",
    ]
    ours = {**os.environ, "npm_config_cache": str(folder / "cache")}
    try:
        got = subprocess.run(["npm", "ci", *calm], cwd=folder, capture_output=True, timeout=120, check=False, env=ours)
    except subprocess.TimeoutExpired:
        return False
    return got.returncode == 0


@pytest.fixture(scope="session")
def npm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict[str, Any]]]:
    """What the npm libraries made of every record: library → record → names, count, or why it was refused."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not on this machine")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
    if int(version.strip().removeprefix("v").partition(".")[0]) < OLDEST_NODE:
        pytest.skip(f"node is older than {OLDEST_NODE}")
    folder = tmp_path_factory.mktemp("npm")
    if not _fetched(folder):
        pytest.skip("npm could not fetch the libraries")
    run = ["node", str(HERE / "check.mjs"), str(folder), str(VECTORS)]
    said = subprocess.run(run, capture_output=True, text=True, timeout=60, check=True).stdout
    found: dict[str, dict[str, dict[str, Any]]] = json.loads(said)
    return found


@pytest.mark.parametrize("name", RECORDS)
def test_npm_reads_the_same(npm: dict[str, dict[str, dict[str, Any]]], name: str) -> None:
    signed, named = RECORDS[name]
    for library in NPM:
        assert npm[library][name]["count"] == signed, library
        assert sorted(map(repr, npm[library][name]["names"])) == sorted(repr(NAMES[one]) for one in named), library
    assert npm["jose"][name] == {"count": signed}


def test_npm_refuses_what_is_not_signed_and_shows_no_invented_name(npm: dict[str, dict[str, dict[str, Any]]]) -> None:
    for library in (*NPM, "jose"):
        assert [name for name in BROKEN if "refused" not in npm[library][name]] == [], library
    for library in NPM:
        for name in ("a name changed", "a name invented"):
            shown = npm[library][name].get("names", [])
            assert all(one in NAMES for one in shown), (library, name)


def test_the_keys_are_read_by_all_of_them() -> None:
    assert {jwk.JWK(**one).thumbprint() for one in KEYS.values()} == set(KEYS)
    assert load_keys((VECTORS / "first-key.json").read_text()).keys() < KEYS.keys()
