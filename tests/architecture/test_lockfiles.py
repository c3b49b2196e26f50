"""The lock files pin every package by hash, name no host, and agree with pyproject.toml and with each other."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.sources import ROOT

LOCKS = ("run", "dev", "build")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Pin:
    """One package of a lock file: its exact version and how many hashes vouch for it."""

    requirement: Requirement
    hashes: int

    @property
    def version(self) -> str:
        (only,) = self.requirement.specifier
        return only.version


def _pins(lock: str) -> dict[str, Pin]:
    text = Path(ROOT, "requirements", f"{lock}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    pins = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        requirement = Requirement(line.partition("--hash=")[0].strip())
        pins[canonicalize_name(requirement.name)] = Pin(requirement, len(HASH.findall(line)))
    return pins


def _wanted() -> dict[str, list[str]]:
    project = tomllib.loads(Path(ROOT, "pyproject.toml").read_text(encoding="utf-8"))
    run = project["project"]["dependencies"]
    build = Path(ROOT, "requirements", "build.in").read_text(encoding="utf-8").splitlines()
    return {
        "run": run,
        "dev": run + project["project"]["optional-dependencies"]["dev"],
        "build": project["build-system"]["requires"] + [line for line in build if line and not line.startswith("#")],
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_or_its_hash(lock: str) -> None:
    pin = re.compile(r"[a-z0-9][a-z0-9-]*==\S+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    lines = Path(ROOT, "requirements", f"{lock}.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not pin.fullmatch(line)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    pins = _pins(lock)
    assert pins
    assert [name for name, pin in pins.items() if pin.hashes == 0] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_has_what_the_project_asks_for(lock: str) -> None:
    pins = _pins(lock)
    for wanted in map(Requirement, _wanted()[lock]):
        pin = pins.get(canonicalize_name(wanted.name))
        assert pin is not None, f"{wanted} is not in the lock"
        assert wanted.specifier.contains(pin.version, prereleases=True), f"{wanted} but {pin.version} is locked"


@pytest.mark.parametrize("lock", ["run", "build"])
def test_the_locks_agree(lock: str) -> None:
    dev = {name: pin.version for name, pin in _pins("dev").items()}
    assert {name: pin.version for name, pin in _pins(lock).items() if dev.get(name) != pin.version} == {}
