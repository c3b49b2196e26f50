import json
import os
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signflow.proof import keys
from signflow.proof.keys import KeyFileError, create_key_file, load_key_file, open_key
from signflow.proof.verify import load_keys


@pytest.fixture
def path(tmp_path):
    return tmp_path / "signing.pem"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_new_key_file_is_for_its_owner_alone(path, umask):
    before = os.umask(umask)
    try:
        made = create_key_file(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    loaded = load_key_file(path)
    assert loaded.kid == made.kid
    assert loaded.sign(b"x") == made.sign(b"x")


def test_a_key_file_is_never_written_over(path, tmp_path):
    path.write_bytes(b"precious")
    link = tmp_path / "link.pem"
    link.symlink_to(tmp_path / "nowhere.pem")
    for taken in (path, link):
        with pytest.raises(KeyFileError, match="exists already"):
            create_key_file(taken)
    assert path.read_bytes() == b"precious"
    assert not (tmp_path / "nowhere.pem").exists()


def test_a_key_file_in_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(KeyFileError, match="cannot be made: No such file or directory"):
        create_key_file(tmp_path / "gone" / "signing.pem")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602, 0o610])
def test_a_key_file_open_to_others_is_refused(path, mode):
    create_key_file(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=rf"open to other users \(mode {mode:04o}\); run: chmod 600 "):
        load_key_file(path)


def test_a_read_only_key_file_is_fine(path):
    made = create_key_file(path)
    path.chmod(0o400)
    assert load_key_file(path).kid == made.kid


def test_a_passphrase_keeps_the_key(path):
    made = create_key_file(path, passphrase="жабка")
    assert load_key_file(path, passphrase="жабка").kid == made.kid
    assert b"ENCRYPTED" in path.read_bytes()
    with pytest.raises(KeyFileError, match="needs its passphrase"):
        load_key_file(path)
    with pytest.raises(KeyFileError, match="or the passphrase is wrong"):
        load_key_file(path, passphrase="жаба")


def test_a_passphrase_for_a_key_without_one_is_said(path):
    create_key_file(path)
    with pytest.raises(KeyFileError, match="has no passphrase, but one was given"):
        load_key_file(path, passphrase="x")


def test_the_passphrase_comes_from_a_file_of_its_own(path, tmp_path):
    made, words = create_key_file(path, passphrase="жабка пад мостам"), tmp_path / "passphrase"
    private_file(words, "жабка пад мостам\n".encode())
    assert open_key(path, passphrase_file=words).kid == made.kid
    with pytest.raises(KeyFileError, match="needs its passphrase"):
        open_key(path)


@pytest.mark.parametrize(
    ("content", "mode", "why"),
    [
        (b"secret", 0o640, r"open to other users \(mode 0640\); run: chmod 600 "),
        (b"secret", 0o604, r"open to other users \(mode 0604\)"),
        (b"\n", 0o600, "is empty; it must hold the passphrase of the signing key"),
        (b"\xff\xfe", 0o600, "holds no passphrase in UTF-8"),
        (b"secret ", 0o600, "or the passphrase is wrong"),
    ],
)
def test_a_passphrase_file_that_cannot_be_used(path, tmp_path, content, mode, why):
    create_key_file(path, passphrase="secret")
    words = tmp_path / "passphrase"
    private_file(words, content)
    words.chmod(mode)
    with pytest.raises(KeyFileError, match=why):
        open_key(path, passphrase_file=words)


def test_a_passphrase_file_that_is_not_there(path, tmp_path):
    create_key_file(path)
    with pytest.raises(KeyFileError, match="passphrase cannot be read: No such file or directory"):
        open_key(path, passphrase_file=tmp_path / "passphrase")


def private_file(path, content):
    path.write_bytes(content)
    path.chmod(0o600)


def test_a_key_of_another_kind_is_refused(path):
    other = generate_private_key(SECP256R1())
    private_file(path, other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyFileError, match="holds a key of another kind"):
        load_key_file(path)


def test_a_public_key_or_junk_is_refused(path):
    for content in (b"", b"junk", b"\x00" * 100_000, b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"):
        private_file(path, content)
        with pytest.raises(KeyFileError, match="holds no private key in PEM"):
            load_key_file(path)


def test_what_is_no_file_is_refused(path, tmp_path):
    with pytest.raises(KeyFileError, match="cannot be read: No such file or directory"):
        load_key_file(path)
    with pytest.raises(KeyFileError, match="is not a file"):
        load_key_file(tmp_path)
    os.mkfifo(path, 0o600)
    with pytest.raises(KeyFileError, match="is not a file"):
        load_key_file(path)


def test_the_message_is_one_line_and_the_key_does_not_show(path):
    made = create_key_file(path)
    assert "private" not in repr(made)
    assert made.kid in repr(made)
    path.chmod(0o644)
    with pytest.raises(KeyFileError) as refused:
        load_key_file(path)
    assert "\n" not in str(refused.value)


def test_the_public_keys_are_a_jwk_set_without_a_private_part():
    signers = [keys.SigningKey(Ed25519PrivateKey.generate()) for _ in range(2)]
    text = keys.jwks_text(signer.jwk for signer in signers)
    listed = json.loads(text)["keys"]
    assert [set(jwk) for jwk in listed] == [{"crv", "kty", "x", "kid", "alg", "use"}] * 2
    assert list(load_keys(text)) == [signer.kid for signer in signers]
    assert keys.jwks_text(load_keys(text).values()) == text


def test_the_fingerprint_is_the_thumbprint_in_groups_of_four():
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    grouped = "90fa cafe a9b1 5566 9854 0f70 c011 7a22 ea37 bd5c f3ed 3c47 093c 1707 282b 4b89"
    assert keys.fingerprint(jwk) == grouped
