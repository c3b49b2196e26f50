"""The wheel carries everything, and works far from the checkout."""

import os
import shutil
import site
import subprocess
import sys
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

import signflow
from tests.support.programs import free_port, running
from tests.support.sources import NOT_OURS, ROOT, files_in, short

pytestmark = pytest.mark.slow

# Machines make these; a build from a clean copy must make what it needs itself.
MADE = shutil.ignore_patterns(*NOT_OURS, "*.mo", "*.egg-info", "*.pyc")


def _run(*words: str | Path, folder: Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a clean copy: building in the checkout would rewrite catalogues that other tests read."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "checkout", ignore=MADE)
    _run(
        *(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist"),
        folder=folder / "checkout",
    )
    (built,) = (folder / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="session")
def inside(wheel: Path) -> set[str]:
    """The names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that has the wheel, and the dependencies of this one."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, symlinks=True, with_pip=False)
    programs = home / "bin"
    python = programs / "python"
    _run(
        *(sys.executable, "-m", "pip", "--python", python, "--isolated", "--quiet"),
        *("install", "--no-index", "--no-deps", "--no-compile", wheel),
        folder=home,
    )
    packages = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=home).strip())
    # Folders named in a .pth file are searched last, and .pth files inside them are not read: the dependencies come
    # along, the editable install of the checkout does not.
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return programs


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, str]:
    """An environment without a word of the checkout or of this machine's own settings."""
    kept = {
        name: setting for name, setting in os.environ.items() if not name.startswith(("SIGNFLOW_", "PYTHON", "PIP_"))
    }
    return {**kept, "HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}


@pytest.mark.parametrize("area", ["templates", "migrations"])
def test_templates_and_migrations_are_bundled(area: str, inside: set[str]) -> None:
    wanted = {f"signflow/_bundled/{short(file)}" for file in files_in(area) if file.suffix != ".pyc"}
    assert wanted == {name for name in inside if name.startswith(f"signflow/_bundled/{area}/")}


def test_the_package_is_whole(inside: set[str]) -> None:
    catalogues = {".po", ".pot", ".mo"}
    wanted = {short(file) for file in files_in("signflow") if file.suffix not in catalogues}
    wanted = {name for name in wanted if not name.startswith("signflow/_bundled/")}
    assert wanted - inside == set()


def test_catalogues_are_compiled(inside: set[str]) -> None:
    wanted = {short(file.with_suffix(".mo")) for file in files_in("signflow/translations", suffix=".po")}
    assert wanted == {name for name in inside if name.endswith(".mo")}
    assert not [name for name in inside if name.endswith((".po", ".pot"))]


def test_nothing_else_is_in_the_wheel(inside: set[str]) -> None:
    record = f"signflow-{signflow.__version__}.dist-info/"
    assert [name for name in inside if not name.startswith(("signflow/", record))] == []


def test_the_installed_package_is_not_the_checkout(installed: Path, elsewhere: dict[str, str], tmp_path: Path) -> None:
    question = "import signflow.paths as p; print(p.PACKAGE, p.TEMPLATES, p.MIGRATIONS, sep='\\n')"
    answer = _run(installed / "python", "-c", question, folder=tmp_path, environment=elsewhere).split("\n")
    package = Path(answer[0])
    assert installed.parent in package.parents
    assert answer[1:3] == [str(package / "_bundled" / "templates"), str(package / "_bundled" / "migrations")]


def test_the_command_tells_its_version(installed: Path, elsewhere: dict[str, str], tmp_path: Path) -> None:
    said = _run(installed / "signflow", "--version", folder=tmp_path, environment=elsewhere)
    assert signflow.__version__ in said


def test_the_demo_runs_from_the_wheel(installed: Path, elsewhere: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    words = [installed / "signflow", "demo", "--port", str(port), "--fresh"]
    with running(words, folder=tmp_path, environment=elsewhere) as demo:
        assert demo.wait_for("Ready:", within=120).startswith(f"Ready: http://127.0.0.1:{port}/")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
            body = answer.read().decode()
        assert answer.status == 200
        assert "<h1" in body
        assert (tmp_path / "instance" / "demo").is_dir()
        assert demo.stop() == 0
