"""The direction of imports, as the contracts in pyproject.toml draw it."""

import subprocess
import sys

import pytest

from tests.support.sources import ROOT


@pytest.mark.skipif(not (ROOT / "signflow" / "app.py").exists(), reason="signflow.app is not written yet")
def test_imports_keep_their_direction() -> None:
    words = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as lint; lint()",
        "--no-cache",
        "--no-logo",
    ]
    checked = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
