"""The command line, whatever its arguments are."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
from functools import cache
from pathlib import Path
from unittest import mock

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from tests.cli.prompt import Prompt
from tests.fuzz.target import Target, assert_plain, scratch_folder
from tests.store.desks import furnished, logged
from tests.tickets.scenario import MONDAY_NINE

CUSTOMER = ("--organisation", "Acme Ltd", "--contact", "Jo Park")
CALLS = (
    ("show", "{}"),
    ("queue", "{}"),
    ("queue", "--as-of", "{}"),
    ("note", "CD-4C00-W", "--text", "{}"),
    ("reply", "CD-4C00-W", "--text", "{}"),
    ("assign", "CD-4C00-W", "{}"),
    ("escalate", "CD-4C00-W", "{}", "--reason", "{}"),
    ("wait", "CD-4C00-W", "{}", "--reason", "{}"),
    ("log", "--severity", "high", "--channel", "phone", *CUSTOMER, "--summary", "{}"),
    ("log", "--severity", "high", "--channel", "phone", *CUSTOMER, "--summary", "x", "--received-at", "{}"),
    (
        "log",
        "--severity",
        "{}",
        "--channel",
        "{}",
        "--organisation",
        "{}",
        "--contact",
        "{}",
        "--summary",
        "{}",
    ),
    ("organisation", "add", "{}"),
    ("contact", "add", "{}", "--organisation", "Acme Ltd", "--telephone", "{}"),
    ("contact", "add", "Bo Li", "--organisation", "{}", "--email", "{}"),
    ("staff", "add", "{}", "--name", "{}", "--team", "user-support", "--address", "{}"),
    ("staff", "change", "priya", "--quiet-hours", "{}"),
    ("rota", "set", "priya", "--from", "{}"),
    ("release", "add", "{}", "--day", "{}"),
    ("knowledge", "add", "{}", "--title", "{}"),
    ("day", "close", "{}", "--calendar", "office", "--reason", "{}"),
    ("due", "--severity", "{}", "--at", "{}"),
    ("explain", "{}"),
    ("verify", "--expect", "{}"),
    ("report", "attainment", "--month", "{}"),
    ("config", "--check"),
    ("{}",),
    ("--as", "{}", "queue"),
)
"""Calls in which `{}` is the sample. None of them writes a file that the sample names."""


@cache
def _template() -> Path:
    folder = scratch_folder().parent / "called"
    folder.mkdir()
    address = furnished(folder)
    desk = Desk.open(address, FixedClock(MONDAY_NINE))
    assert logged(desk, summary="Export stops") == "CD-4C00-W"
    desk.close()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(address)


def _check_call(sample: bytes) -> None:
    """Any argument is understood or refused in words; what is printed holds no command of a terminal."""
    argument = os.fsdecode(sample.replace(b"\0", b"")[:4_000])
    chosen = CALLS[hashlib.sha256(sample).digest()[0] % len(CALLS)]
    folder = scratch_folder()
    prompt = Prompt(str(shutil.copy(_template(), folder / "desk.db")), "sue", FixedClock(MONDAY_NINE))
    places = dict.fromkeys(("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(folder))
    with mock.patch.dict(os.environ, places):
        answer = prompt(*(each.replace("{}", argument) for each in chosen))
    assert answer.code in (0, 1, 2), answer
    assert answer.code != 2 or answer.err.strip()
    for line in f"{answer.out}\n{answer.err}".split("\n"):
        assert_plain(line)


calls = Target("command-line", _check_call, text=False, quick=False, longest=4_000)
