"""Senders that send nothing, and what their tests do with the desk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.documents import Address
from supportdesk.tickets.records.commands import SavePerson, SendNotice
from supportdesk.watcher.current_settings import CurrentSettings
from supportdesk.watcher.deliveries import Deliveries
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.sender import (
    SendResult,
    delivered,
)
from supportdesk.watcher.settings_senders import SettingsSenders
from tests.patience import LAST_RESORT, wait_for
from tests.store.desks import done, events, logged
from tests.tickets.scenario import MONDAY_NINE


class FakeSender:
    """Notes what it sends and answers with `result`; waits while it is `blocked`."""

    def __init__(self, result: SendResult | None = None) -> None:
        self.sent: list[OutgoingPage] = []
        self.result = result or delivered("accepted")
        self.free = threading.Event()
        self.free.set()

    def send(self, page: OutgoingPage) -> SendResult:
        self.sent.append(page)
        assert self.free.wait(LAST_RESORT)
        return self.result


class KilledSender(FakeSender):
    """Sends, and is killed before anybody learns of it: its thread never comes back."""

    def __init__(self) -> None:
        super().__init__()
        self.free.clear()


def set_addresses(desk: Desk, username: str, *addresses: Address) -> None:
    person = desk.person(username)
    assert person is not None
    done(desk, SavePerson(replace(person, addresses=addresses)), by="sue")


def of_settings(config: Path, clock: FixedClock) -> Deliveries:
    """Return the task of a watcher with the senders of a settings file."""
    settings = CurrentSettings(config, lambda line: None)
    return Deliveries(lambda line: None, SettingsSenders(settings, clock).load)


def wait_until(condition: Callable[[], bool]) -> None:
    wait_for(condition, lambda: "it has not happened")


def wait_for_attempts(desk: Desk, ref: str, number: int) -> None:
    wait_until(lambda: attempts(desk, ref) == number)


def critical(desk: Desk) -> str:
    return logged(desk, severity="critical", channel="hotline")


def notify(desk: Desk, key: str, person: str = "sue") -> None:
    done(desk, SendNotice((person,), "notice", f"about {key}", key), by=WATCHER.key)


def at(seconds: float) -> datetime:
    return MONDAY_NINE + timedelta(seconds=seconds)


def tick(task: Deliveries, desk: Desk) -> bool:
    return task.tick(desk, desk.now(), is_stopped=lambda: False)


def attempts(desk: Desk, ref: str) -> int:
    return events(desk, ref).count("send attempted")
