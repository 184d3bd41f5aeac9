"""A watcher that is really killed between sending and recording: what it sent goes out again, with the same key."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.documents import Address
from supportdesk.tickets.outbox.pacing import CLAIM_LENGTH
from supportdesk.tickets.records.commands import SavePerson
from supportdesk.watcher.deliveries import Deliveries
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.sender import SendResult, delivered
from tests.patience import LAST_RESORT, wait_for
from tests.store.desks import done, events, logged, verified
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.slow

TREE = Path(__file__).parents[2]

KILLED = """
import os, signal, sys
from datetime import datetime
from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.watcher.deliveries import Deliveries

class Sender:
    def send(self, page):
        with open(sys.argv[3], "a") as gateway:
            gateway.write(page.idempotency_key + "\\n")
            gateway.flush()
            os.fsync(gateway.fileno())
        os.kill(os.getpid(), signal.SIGKILL)

desk = Desk.open(sys.argv[1], FixedClock(datetime.fromisoformat(sys.argv[2])))
task = Deliveries(print, lambda: {"sms": Sender()}, closing=300)
task.tick(desk, desk.now(), is_stopped=lambda: False)
task.close()
"""
"""Sends by writing a line to a file, and is killed at once."""


class Gateway:
    """Writes what it sends into the same file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def send(self, page: OutgoingPage) -> SendResult:
        with self._file.open("a") as gateway:
            gateway.write(f"{page.idempotency_key}\n")
        return delivered()


def test_what_a_killed_watcher_sent_is_sent_again_with_the_same_key_and_then_recorded(
    desk: Desk, address: str, clock: FixedClock, tmp_path: Path
) -> None:
    dora, gateway = desk.person("dora"), tmp_path / "gateway"
    assert dora is not None
    done(desk, SavePerson(replace(dora, addresses=(Address("sms", "+44 7700 900123"),))), by="sue")
    ref = logged(desk, severity="critical", channel="hotline")
    for times in range(3):
        now = MONDAY_NINE + timedelta(seconds=times * CLAIM_LENGTH)
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, address, now.isoformat(), str(gateway)],
            cwd=TREE,
            timeout=LAST_RESORT,
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL
        assert len(gateway.read_text().splitlines()) == times + 1
    assert "send attempted" not in events(desk, ref)
    clock.set(MONDAY_NINE + timedelta(seconds=3 * CLAIM_LENGTH - 1))
    task = Deliveries(lambda line: None, lambda: {"sms": Gateway(gateway)})
    task.tick(desk, desk.now(), is_stopped=lambda: False)
    assert len(gateway.read_text().splitlines()) == 3, "somebody may still be sending it"
    clock.set(MONDAY_NINE + timedelta(seconds=3 * CLAIM_LENGTH))
    task.tick(desk, desk.now(), is_stopped=lambda: False)
    wait_for(lambda: "send attempted" in events(desk, ref), lambda: "it was not recorded")
    task.close()
    assert len(set(gateway.read_text().splitlines())) == 1
    assert events(desk, ref).count("send attempted") == 1
    assert verified(desk).is_intact
