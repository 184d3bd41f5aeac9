"""What a watcher does outside its desk follows from the settings file, and on a demo from nothing but its folders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.cli.context import CliContext
from supportdesk.cli.watcher_outside import watcher_outside
from supportdesk.clock import FixedClock
from supportdesk.demo.fill import DEMO_MARKER
from supportdesk.demo.intake_folders import make_folders
from supportdesk.desk import Desk
from supportdesk.tickets.records.commands import SaveArticle
from supportdesk.watcher.outside import Outside
from supportdesk.watcher.task import WatcherTask
from tests.databases import SQLITE, use
from tests.demo.customers import LAST
from tests.store.desks import done, furnished
from tests.tickets.scenario import MONDAY_NINE

SETTINGS = """\
[watcher]
link_base = "https://desk.example.com"
heartbeat_url = "https://alarm.example.com/desk"
anchor_file = "anchors"
[watcher.methods.sms]
command = ["true"]
[watcher.customer_mail]
sendmail = ["true"]
sender = "support@example.com"
[watcher.mailboxes.support]
maildir = "support"
[watcher.voicemail.telephone]
folder = "recordings"
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a desk in a file, beside which there are folders as a demo has them."""
    with use(SQLITE):
        address = furnished(tmp_path)
        make_folders(address, is_new=True)
        yield address


@pytest.fixture
def outside(address: str, tmp_path: Path) -> Outside:
    config = tmp_path / "config.toml"
    config.write_text(SETTINGS)
    config.chmod(0o600)
    return watcher_outside(CliContext(address, "ann", config=str(config)), lambda line: None)


def make_demo(address: str) -> None:
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        done(desk, SaveArticle(DEMO_MARKER), by="sue")


def tick(tasks: Sequence[WatcherTask], address: str) -> None:
    """Let the tasks open the desk, and tick again when all has arrived that arrives at a demo."""
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        for now in (MONDAY_NINE, *[MONDAY_NINE + LAST] * 3):
            tasks[0].tick(desk, now, is_stopped=lambda: False)
    for task in tasks:
        task.close()


def list_arrived(address: str) -> list[str]:
    root = Path(f"{address}.intake")
    return [path.name for path in root.rglob("*") if path.is_file()]


def test_the_settings_of_a_desk_say_what_is_sent_and_called(outside: Outside) -> None:
    assert set(outside.find_methods()) >= {"sms"}
    assert outside.load_call() is not None
    assert outside.load_anchors() is not None


def test_nothing_is_sent_or_called_from_a_demo_whatever_the_settings_say(
    outside: Outside, address: str
) -> None:
    make_demo(address)
    assert (outside.find_methods(), dict(outside.load_senders())) == ((), {})
    assert (outside.load_call(), outside.load_anchors()) == (None, None)


def test_customers_send_something_to_a_demo(outside: Outside, address: str) -> None:
    make_demo(address)
    tick(outside.make_more_tasks(lambda line: None), address)
    assert any(name.endswith(".wav") for name in list_arrived(address))


def test_nothing_ever_arrives_at_another_desk(outside: Outside, address: str) -> None:
    tick(outside.make_more_tasks(lambda line: None), address)
    assert list_arrived(address) == []
