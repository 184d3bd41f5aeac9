"""A wheel built from the tree and installed elsewhere is whole."""

import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.tmux import MISSING, terminal

TREE = Path(__file__).resolve().parent.parent
SHIPPED = sorted(
    path.relative_to(TREE)
    for folder in ("styles", "data")
    for path in (TREE / folder).rglob("*")
    if path.is_file()
)

# One worker for all: building and installing takes a while. The time is for a slow package index.
pytestmark = [pytest.mark.xdist_group("wheel"), pytest.mark.timeout(600), pytest.mark.slow]

Run = Callable[..., str]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the tree."""
    built = tmp_path_factory.mktemp("built")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(TREE)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    [path] = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a new environment that holds the wheel and what it needs, far from the tree."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    venv.create(elsewhere)
    programs = elsewhere / "bin"
    # What is not imported need not be compiled.
    options = ("--quiet", "--no-compile")
    install = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", *options]
    tested = TREE / "constraints.txt"
    subprocess.run([*install, "--constraint", str(tested), str(wheel)], check=True, cwd=elsewhere)
    return programs


@pytest.fixture
def run(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run an installed program in an empty folder with an empty home; returns what it printed."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PYTHONPATH", raising=False)

    def run(program: str, *arguments: str) -> str:
        command = [str(installed / program), *arguments]
        ran = subprocess.run(command, check=True, cwd=tmp_path, text=True, stdout=subprocess.PIPE)
        return ran.stdout

    return run


def test_the_wheel_contains_the_styles_and_the_data_inside_the_package_and_nothing_of_the_tests(
    wheel: Path,
) -> None:
    assert SHIPPED
    held = set(zipfile.ZipFile(wheel).namelist())
    assert {f"supportdesk/{path.as_posix()}" for path in SHIPPED} <= held
    assert {name.partition("/")[0].partition("-")[0] for name in held} == {"supportdesk"}


def test_the_installed_program_says_its_version(run: Run, wheel: Path) -> None:
    version = wheel.name.split("-")[1]
    assert run("supportdesk", "--version").splitlines()[0] == f"supportdesk {version}"


def test_the_installed_program_finds_its_looks_and_data(run: Run, installed: Path) -> None:
    finders = {"styles": "style_path", "data": "data_path"}
    calls = [f"{finders[path.parts[0]]}({'/'.join(path.parts[1:])!r})" for path in SHIPPED]
    script = "from supportdesk.resources import *\n" + "".join(f"print({call})\n" for call in calls)
    found = [Path(line) for line in run("python", "-c", script).splitlines()]
    assert all(path.is_relative_to(installed.parent) for path in found)
    assert [path.read_bytes() for path in found] == [(TREE / path).read_bytes() for path in SHIPPED]


@pytest.mark.skipif(MISSING, reason="tmux is missing: install it to see the console in a real terminal")
def test_the_installed_program_boots_the_console(installed: Path, tmp_path: Path) -> None:
    demo = [str(installed / "supportdesk"), "demo", "--tickets", "5"]
    with terminal(demo, environment={"HOME": str(tmp_path), "PYTHONPATH": ""}) as screen:
        screen.wait_for_line("▌", "CD-")
        screen.press("?")
        screen.wait_for("The keys that work here")
        screen.press("Escape")
        screen.wait_for_line("▌", "CD-")
        screen.press("q")
        screen.wait_for_end()
