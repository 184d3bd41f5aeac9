"""The first start without a desk: what is created, which view opens, and what a script gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from supportdesk.cli import demo_desk, setup
from supportdesk.cli.context import CliContext
from supportdesk.cli.setup import LocalDeskSetup
from supportdesk.clock import FixedClock
from supportdesk.console import app
from supportdesk.console.app import Console
from supportdesk.console.setup.backend import NewDesk, SetupResult
from supportdesk.desk import Desk
from supportdesk.desk_api import DeskApi
from supportdesk.tickets.documents import Contact, Organisation, Role
from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt, call, call_in_a_shell

PLAN = NewDesk("Ann Lee", "technical-support", "0113 496 0113", "Acme Ltd", "Jo Park", True, "0114 496 0114")


def means() -> LocalDeskSetup:
    return LocalDeskSetup(CliContext(None, "ann", FixedClock(TUESDAY)))


def made(tmp_path: Path) -> list[str]:
    """The files in the user's data folder."""
    return sorted(path.name for path in (tmp_path / "data").rglob("*") if path.is_file())


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], DeskApi]]:
    """With what the console is opened, in place of opening it."""
    seen: list[Callable[[], DeskApi]] = []

    def run(console: Console) -> int:
        seen.append(console._connect)
        return 3

    monkeypatch.setattr(app, "run", run)
    return seen


def test_the_desk_is_made_with_its_first_person_and_customer(tmp_path: Path) -> None:
    own = means()
    assert own.create(PLAN) is None
    desk = Desk.open(own.address)
    [ann] = desk.roster().staff
    assert (ann.username, ann.name, ann.team, ann.telephone) == (
        "ann",
        "Ann Lee",
        "technical-support",
        "0113 496 0113",
    )
    assert ann.roles == (Role.SUPERVISOR, Role.ADMINISTRATOR)
    assert desk.find_organisations("") == [Organisation("acme-ltd", "Acme Ltd")]
    jo = Contact("acme-ltd.jo-park", "acme-ltd", "Jo Park", super_user=True, telephone="0114 496 0114")
    assert desk.contacts("acme-ltd") == [jo]
    desk.close()
    assert made(tmp_path) == ["desk.db"]
    prompt = Prompt(own.address, "ann", FixedClock(TUESDAY))
    assert "The ledger is intact" in prompt.done("verify")


def test_a_desk_that_is_there_is_never_created_again(tmp_path: Path) -> None:
    own = means()
    assert own.create(PLAN) is None
    before = Path(own.address).read_bytes()
    assert "is there already" in str(own.create(PLAN))
    assert Path(own.address).read_bytes() == before


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, MemoryError])
def test_what_stops_it_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: type[BaseException]
) -> None:
    count = 0
    do = Desk.do

    def stop(desk: Desk, *arguments: Any, **more: Any) -> Any:
        nonlocal count
        count += 1
        if count == 3:
            raise trouble
        return do(desk, *arguments, **more)

    monkeypatch.setattr(Desk, "do", stop)
    with pytest.raises(trouble):
        means().create(PLAN)
    assert made(tmp_path) == []


def test_a_record_that_is_refused_leaves_nothing_and_says_why(tmp_path: Path) -> None:
    plan = NewDesk("Ann Lee", "night-watch")
    assert "no team 'night-watch'" in str(means().create(plan))
    assert made(tmp_path) == []


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    assert "cannot be created" in str(means().create(PLAN))


def test_another_file_has_to_be_a_desk(ann: Prompt, tmp_path: Path) -> None:
    own = means()
    assert own.fault_of(ann.address) is None
    assert "here is no desk at" in str(own.fault_of(str(tmp_path / "no.db")))
    (tmp_path / "other.txt").write_text("shopping list")
    assert "not a desk" in str(own.fault_of(str(tmp_path / "other.txt")))
    assert own.fault_of("\x00") is not None
    assert own.fault_of("~nobody-of-this-name/desk.db") is not None


def test_after_the_set_up_the_queue_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[Callable[[], DeskApi]]
) -> None:
    own = means()

    def set_up(context: CliContext) -> SetupResult:
        assert own.create(PLAN) is None
        return SetupResult(own.address)

    monkeypatch.setattr(setup, "set_up", set_up)
    assert call("--as", "ann").code == 3
    desk = opened[0]()
    assert desk.person("ann") is not None
    desk.close()


def test_cancelling_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[Callable[[], DeskApi]]
) -> None:
    monkeypatch.setattr(setup, "set_up", lambda context: None)
    assert call("--as", "ann").code == 0
    assert opened == []
    assert made(tmp_path) == []


def test_the_demo_opens_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[Callable[[], DeskApi]]
) -> None:
    monkeypatch.setattr(setup, "set_up", lambda context: SetupResult(demo=True))
    monkeypatch.setattr(demo_desk, "DEMO_TICKETS", 7)
    assert call("--as", "ann", clock=FixedClock(TUESDAY)).code == 3
    desk = opened[0]()
    assert sum(row.is_open for row in desk.queue().rows) == 7
    desk.close()


def test_a_desk_that_was_named_is_not_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "set_up", pytest.fail)
    answer = call("--db", str(tmp_path / "no.db"))
    assert answer.code == 1
    assert "no.db init" in answer.err


def test_a_script_gets_the_error_that_it_always_got() -> None:
    answer = call_in_a_shell("queue")
    assert answer.code == 1
    assert "supportdesk init" in answer.err
    answer = call_in_a_shell()
    assert answer.code == 2
    assert "needs a terminal" in answer.err


@pytest.mark.parametrize("number", ["abc", "123", "020 7946 0018 / 07700 900123"])
def test_a_number_that_cannot_be_valid_is_refused_with_an_example(number: str) -> None:
    own = means()
    fault = own.telephone_fault(number)
    assert fault is not None
    assert fault.endswith("type it as in +44 20 7946 0018")
    assert own.telephone_fault(PLAN.telephone) is None
    for plan in (replace(PLAN, telephone=number), replace(PLAN, contact_telephone=number)):
        refused = own.create(plan)
        assert refused is not None
        assert fault in refused
        assert not Path(own.address).exists()
