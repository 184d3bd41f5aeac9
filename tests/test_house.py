"""The house stands as CONTRIBUTING.md says: arrows at run time, sizes, names, pictures."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parent.parent
SOURCES = sorted([*TREE.glob("supportdesk/**/*.py"), *TREE.glob("tests/**/*.py")])
SNAPSHOTS = sorted(TREE.glob("tests/console/**/__snapshots__"))
LINES_OF_ONE_IDEA, LINES_OF_TESTS = 400, 440
"""How long a module may be, and a file of tests: some 400 lines."""
MANY_METHODS = 30
"""The number of methods above which the docstring of a class says why it is not two classes."""

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

IMPORT_A_ROOM = """
import importlib, pkgutil, sys
room = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(getattr(room, "__path__", []), room.__name__ + "."):
    if ".migrations" not in module.name:
        importlib.import_module(module.name)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def packages_loaded_by(room: str) -> set[str]:
    """The top-level packages that a new interpreter has after it imported all of a room."""
    command = [sys.executable, "-c", IMPORT_A_ROOM, room]
    ran = subprocess.run(command, cwd=TREE, check=False, text=True, capture_output=True)
    assert ran.returncode == 0, ran.stderr
    return set(ran.stdout.split())


def rooms(*names: str) -> list[str]:
    return [f"supportdesk.{name}" for name in names if importlib.util.find_spec(f"supportdesk.{name}")]


@pytest.mark.parametrize("room", rooms("sla", "tickets"))
def test_business_time_and_the_rules_of_a_ticket_load_neither_textual_nor_a_database(room: str) -> None:
    assert not packages_loaded_by(room) & {"textual", "rich", "sqlalchemy", "alembic", "sqlite3", "click"}


@pytest.mark.slow
@pytest.mark.parametrize("room", rooms("store", "desk", "intake"))
def test_what_lies_under_the_console_does_not_load_textual(room: str) -> None:
    assert not packages_loaded_by(room) & {"textual", "rich"}


@pytest.mark.slow
def test_every_module_of_the_program_can_be_loaded() -> None:
    """A name that only the type checker sees is found here, not at night by the watcher."""
    assert "supportdesk" in packages_loaded_by("supportdesk")


def test_the_command_line_loads_its_commands_only_when_they_are_called() -> None:
    assert not packages_loaded_by("supportdesk.cli.root") & {"textual", "sqlalchemy", "alembic", "holidays"}


def test_a_file_holds_one_idea() -> None:
    def most(source: Path) -> int:
        return LINES_OF_TESTS if source.is_relative_to(TREE / "tests") else LINES_OF_ONE_IDEA

    assert not [
        str(source.relative_to(TREE))
        for source in SOURCES
        if len(source.read_text().splitlines()) > most(source)
    ]


def test_a_class_with_many_methods_says_why() -> None:
    texts = [source.read_text() for source in SOURCES]
    classes = [
        node
        for text in texts
        if text.count(" def ") > MANY_METHODS
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
    ]
    large = [
        each for each in classes if sum(isinstance(member, FUNCTIONS) for member in each.body) > MANY_METHODS
    ]
    assert not [each.name for each in large if "methods because" not in (ast.get_docstring(each) or "")]


def test_no_file_is_named_for_nothing_in_particular() -> None:
    vague = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
    assert not [source for source in SOURCES if vague & set(source.stem.split("_"))]


def test_pictures_of_the_console_are_svg() -> None:
    pictures = [path for folder in SNAPSHOTS for path in folder.rglob("*") if path.is_file()]
    assert pictures
    assert not [path for path in pictures if path.suffix != ".svg"]


def test_the_console_s_modules_lie_in_rooms() -> None:
    flat = {path.stem for path in (TREE / "supportdesk" / "console").glob("*.py")}
    shared = {
        *("app", "desk_client", "desk_watch", "session", "messages", "navigation", "results"),
        "workers",
    }
    assert flat == shared | {"__init__"}


def test_styles_and_tests_of_the_console_lie_in_its_rooms() -> None:
    rooms_of_console = {path.parent.name for path in (TREE / "supportdesk" / "console").glob("*/__init__.py")}
    tested = {path.parent.name for path in (TREE / "tests" / "console").glob("*/__init__.py")}
    assert tested - rooms_of_console == {"fixtures", "harness"}
    assert {path.stem for path in (TREE / "styles").glob("*.tcss")} <= rooms_of_console
