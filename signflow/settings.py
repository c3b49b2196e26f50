"""Settings from the environment: SIGNFLOW_*. Production refuses unsafe values, one clear line each.

What the environment leaves out is read from `settings.env` in the home folder, in the same words: so the demo, which writes that file into
instance/demo, is acted on by `SIGNFLOW_HOME=instance/demo signflow …`.
"""

import hashlib
import os
import re
import secrets
import stat
from base64 import b32decode
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from signflow.domain.deadlines import zone_of
from signflow.domain.errors import DomainError
from signflow.domain.languages import INTERFACE

_CONTACT = re.compile(r"mailto:[!-?A-~]+@[!-?A-~]+|https://[!-~]+|tel:[+0-9-]+")


class UnsafeSettings(Exception):
    """The settings are incomplete or unsafe; the text has one line a reason."""


class Settings(BaseSettings):
    """Every setting of an installation. Paths are relative to the working directory."""

    model_config = SettingsConfigDict(env_prefix="SIGNFLOW_", extra="ignore", frozen=True)

    home: Path = Path("instance")
    database_url: str = ""
    secret_key: SecretStr = SecretStr("")
    base_url: str = "http://127.0.0.1:8000"
    key_file: Path | None = None
    key_passphrase_file: Path | None = None
    mail_url: SecretStr = SecretStr("")
    mail_sender: str = ""
    coalition_name: str = "signflow"
    languages: Annotated[tuple[str, ...], NoDecode] = INTERFACE
    time_zone: str = "UTC"
    two_persons: bool = True
    own_devices: bool = True
    proxies: int = Field(default=0, ge=0, le=5)
    onion: str = ""
    onion_sign_in: bool = False
    security_contact: str = ""
    demo: bool = False

    @field_validator("languages", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """In the environment: tags joined by commas, such as `be,ru,en`."""
        return tuple(tag.strip() for tag in value.split(",") if tag.strip()) if isinstance(value, str) else value

    @property
    def url(self) -> str:
        """The address of the database: by default an SQLite file in `home`."""
        return self.database_url or f"sqlite:///{(self.home / 'signflow.db').resolve()}"

    @property
    def key_path(self) -> Path:
        """The file of the signing key."""
        return self.key_file or self.home / "signing-key.pem"

    @property
    def secret(self) -> str:
        """What cookies and link tokens are made with: `secret_key`, or the file in `home`, which is made when first asked for.

        UnsafeSettings when the file cannot be used.
        """
        return self.secret_key.get_secret_value() or _kept_secret(self.home / SECRET_FILE)

    @property
    def origin(self) -> str:
        """`base_url` without a path: scheme, host and port."""
        return self.base_url.rstrip("/")

    @property
    def host(self) -> str:
        """Host and port that requests must name."""
        return urlsplit(self.base_url).netloc

    @property
    def passkey_host(self) -> str:
        """The name that passkeys are bound to (the RP ID of Web Authentication); none where the site is reached by a bare number."""
        name = urlsplit(self.base_url).hostname or ""
        return "" if _is_number(name) else name

    @property
    def is_secure(self) -> bool:
        """Whether readers come by https."""
        return self.base_url.startswith("https://")

    @property
    def default_language(self) -> str:
        """The language of `/`."""
        return self.languages[0]

    @property
    def sender(self) -> str:
        """The address that mails come from."""
        return self.mail_sender or f"signflow@{urlsplit(self.base_url).hostname or 'localhost'}"

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        reasons = [sentence for wrong, sentence in self._dangers() if wrong]
        if reasons:
            raise ValueError("\n".join(reasons))
        return self

    def _dangers(self) -> list[tuple[bool, str]]:
        address = urlsplit(self.base_url)
        secret = self.secret_key.get_secret_value()
        return [
            (
                address.scheme not in {"http", "https"} or not address.hostname or address.path not in {"", "/"},
                "SIGNFLOW_BASE_URL must be the address of this site without a path, such as https://statements.example.org",
            ),
            (
                self.demo and self.is_secure,
                "The demo signs anybody in with one click: it refuses an https SIGNFLOW_BASE_URL.",
            ),
            (
                address.scheme == "http" and address.hostname not in {"127.0.0.1", "localhost", "::1"},
                "SIGNFLOW_BASE_URL must be https: over plain http only this machine may be named.",
            ),
            (
                (self.is_secure or bool(secret)) and len(secret) < SHORTEST_SECRET,
                f"SIGNFLOW_SECRET_KEY must be at least {SHORTEST_SECRET} characters of random text.",
            ),
            (
                not self.languages or any(tag not in INTERFACE for tag in self.languages),
                f"SIGNFLOW_LANGUAGES may name only {', '.join(INTERFACE)}.",
            ),
            (not _is_zone(self.time_zone), f"SIGNFLOW_TIME_ZONE “{self.time_zone}” is not a time zone."),
            *self._dangers_on_the_way_here(),
        ]

    def _dangers_on_the_way_here(self) -> list[tuple[bool, str]]:
        return [
            (
                bool(self.onion) and not is_onion(self.onion),
                "SIGNFLOW_ONION must be the host name of a version 3 onion service: 56 letters and digits, then .onion.",
            ),
            (
                self.onion_sign_in and not self.onion,
                "SIGNFLOW_ONION_SIGN_IN is set, but SIGNFLOW_ONION names no onion service.",
            ),
            (
                bool(self.security_contact) and not _CONTACT.fullmatch(self.security_contact),
                "SIGNFLOW_SECURITY_CONTACT must be an address such as mailto:security@example.org or https://example.org/contact",
            ),
            (
                self.proxies > 0 and not self.is_secure,
                "SIGNFLOW_PROXIES names a proxy, but SIGNFLOW_BASE_URL is not https: without one anybody could forge X-Forwarded headers.",
            ),
        ]


def is_onion(name: str) -> bool:
    """Whether this names an onion service of version 3, by its check sum too: a slip of the pen would lead readers nowhere."""
    if not re.fullmatch(r"[a-z2-7]{56}\.onion", name):
        return False
    decoded = b32decode(name.removesuffix(".onion").upper())
    key, checksum, version = decoded[:32], decoded[32:34], decoded[34:]
    return version == b"\x03" and hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2] == checksum


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_zone(name: str) -> bool:
    try:
        zone_of(name)
    except DomainError:
        return False
    return True


def _kept_secret(file: Path) -> str:
    """The secret in the file; every process reads the same one, whichever of them made it."""
    try:
        if not file.exists():
            _make_secret(file)
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise UnsafeSettings(f"{file} is open to other users; run: chmod 600 {file}")
        secret = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UnsafeSettings(f"{file} cannot be made or read: set SIGNFLOW_SECRET_KEY.") from error
    if len(secret) < SHORTEST_SECRET:
        raise UnsafeSettings(f"{file} must hold at least {SHORTEST_SECRET} characters of random text.")
    return secret


def _make_secret(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as new:
            new.write(secrets.token_urlsafe(48) + "\n")
        with suppress(FileExistsError):  # another process was faster: its secret holds
            file.hardlink_to(unfinished)
    finally:
        unfinished.unlink()


SECRET_FILE = "secret-key"  # noqa: S105 - the name of a file
"""The file in the home folder that stands in for SIGNFLOW_SECRET_KEY over plain http."""

SHORTEST_SECRET = 32
"""Characters."""

SETTINGS_FILE = "settings.env"
"""The file in the home folder that completes the environment; it may hold secrets."""


def load() -> Settings:
    """Settings from the environment and the home folder's file; UnsafeSettings with one line a reason."""
    home = Path(os.environ.get("SIGNFLOW_HOME") or "instance")
    try:
        return Settings(_env_file=home / SETTINGS_FILE)  # type: ignore[call-arg]  # pydantic-settings takes it, its types do not say so
    except ValidationError as error:
        raise UnsafeSettings(
            "\n".join(_reason(problem["loc"], problem["msg"]) for problem in error.errors())
        ) from error
    except OSError as error:
        raise UnsafeSettings(f"{home / SETTINGS_FILE} cannot be read.") from error


def _reason(where: tuple[int | str, ...], message: str) -> str:
    """Our own sentences stand alone; those of a type name the setting."""
    ours = message.removeprefix("Value error, ")
    return f"SIGNFLOW_{str(where[0]).upper()}: {message}." if where else ours
