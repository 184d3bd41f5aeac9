"""`supportdesk demo`."""

import os
import pwd
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from supportdesk.cli import desk_address
from supportdesk.clock import FixedClock
from supportdesk.console import app
from supportdesk.console.app import Console
from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Answer, Prompt, call
from tests.databases import address_at

pytestmark = pytest.mark.slow

ME = pwd.getpwuid(os.getuid()).pw_name


def demo(*more: str) -> Answer:
    return call("demo", "--tickets", "6", *more, clock=FixedClock(TUESDAY))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo desk, as the command makes it."""
    path = tmp_path_factory.mktemp("filled") / "demo.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SUPPORTDESK_DB", str(path))
        assert demo("--fill-only").code == 0
    return path


@pytest.fixture
def demo_desk(filled: Path) -> str:
    """The address of the test's own demo desk, which the command has made before."""
    path = Path(desk_address.demo_address())
    path.parent.mkdir(parents=True)
    return str(shutil.copy(filled, path))


def test_it_fills_a_desk_of_its_own_with_as_many_open_tickets_as_asked_for(tmp_path: Path) -> None:
    answer = demo("--fill-only")
    assert (answer.code, answer.err) == (0, "")
    assert desk_address.demo_address() in answer.out
    assert not Path(desk_address.default_address()).exists()
    rows = call("--db", desk_address.demo_address(), "queue", "--json", clock=FixedClock(TUESDAY)).json
    assert sum(row["stage"] != "resolved" for row in rows) == 6


def test_the_person_who_runs_it_is_a_supervisor_there_and_every_script_command_works_at_once(
    demo_desk: str,
) -> None:
    me = Prompt(demo_desk, ME, FixedClock(TUESDAY))
    [enrolled] = [person for person in me("staff", "list", "--json").json if person["username"] == ME]
    assert "supervisor" in enrolled["roles"]
    for row in me("queue", "--json").json:
        me.done("note", row["ref"], "--text", "seen")
    assert "The ledger is intact" in me.done("verify")


def test_it_is_kept(demo_desk: str) -> None:
    me = Prompt(demo_desk, ME, FixedClock(TUESDAY))
    before = me("queue", "--json").json
    assert "is as you left it" in demo("--fill-only", "--seed", "2").out
    assert me("queue", "--json").json == before


def test_it_is_deleted_with_what_arrived_and_created_again_on_demand(demo_desk: str) -> None:
    assert "is as you left it" in demo("--fill-only").out
    left = Path(f"{demo_desk}.intake") / "mail" / "new" / "message"
    left.touch()
    assert "is as you left it" in demo("--fill-only").out
    assert left.exists()
    assert "was created with" in demo("--fill-only", "--fresh", "--seed", "2").out
    assert not left.exists()
    assert left.parent.is_dir()
    assert "is as you left it" in demo("--fill-only").out


def test_a_desk_that_is_not_a_demo_is_not_deleted(ann: Prompt) -> None:
    ref = ann.log()
    before = ann.done("verify")
    assert "is not a demo desk" in ann.refused("demo", "--fill-only", "--fresh")
    assert ann.done("verify") == before
    assert ref in ann.done("queue")


@pytest.mark.usefixtures("demo_desk")
@pytest.mark.parametrize(
    ("later", "answer", "expected"),
    [
        (timedelta(hours=3), None, "is as you left it"),
        (timedelta(days=3), True, "was created with"),
        (timedelta(days=3), False, "is as you left it"),
    ],
)
def test_a_demo_of_another_day_is_offered_to_be_created_again(
    monkeypatch: pytest.MonkeyPatch, later: timedelta, answer: bool | None, expected: str
) -> None:
    asked: list[str] = []

    def confirm(question: str, **more: Any) -> bool | None:
        asked.append(question)
        return answer

    monkeypatch.setattr("supportdesk.cli.commands.demo.is_in_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", confirm)
    monkeypatch.setattr(app, "run", lambda *_, **__: 0)
    assert expected in call("demo", "--tickets", "6", clock=FixedClock(TUESDAY + later)).out
    assert len(asked) == (answer is not None)


def test_the_same_seed_gives_the_same_desk_and_another_one_another(tmp_path: Path) -> None:
    queues = []
    for number, seed in enumerate(("1", "1", "2")):
        desk = ("--db", address_at(tmp_path / f"{number}.db"))
        call(*desk, "demo", "--fill-only", "--tickets", "1", "--seed", seed, clock=FixedClock(TUESDAY))
        queues.append(call(*desk, "queue", "--json", clock=FixedClock(TUESDAY)).json)
    assert queues[0] == queues[1]
    assert queues[0] != queues[2]


def test_a_desk_that_holds_real_tickets_is_refused(ann: Prompt) -> None:
    ann.log()
    before = ann.done("verify")
    assert "has real tickets" in ann.refused("demo", "--fill-only")
    assert ann.done("verify") == before


def test_without_fill_only_the_console_opens_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[bool, str, str]] = []

    def run(console: Console) -> int:
        desk = console._connect()
        opened.append((len(desk.queue().rows) > 0, console._username, console._desk_name))
        desk.close()
        return 0

    monkeypatch.setattr(app, "run", run)
    assert demo().code == 0
    assert opened == [(True, ME, "demo")]


@pytest.mark.parametrize("tickets", ["0", "-1", "many"])
def test_a_number_of_tickets_that_cannot_be_is_refused(tickets: str) -> None:
    answer = call("demo", "--fill-only", "--tickets", tickets)
    assert (answer.code, answer.out) == (2, "")
    assert "--tickets" in answer.err
    assert not Path(desk_address.demo_address()).exists()
