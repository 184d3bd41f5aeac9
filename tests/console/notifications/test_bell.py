"""The terminal's bell and title, and desktop notices: when, how often, and with which characters."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.console.inbox import loader
from supportdesk.console.notifications.digest import GAP, DesktopNotice, RateLimiter
from supportdesk.console.terminal.host import LONGEST, HostTerminal, notice_sequence
from supportdesk.settings.files import SettingsFiles
from supportdesk.settings.settings import NoticeSettings
from supportdesk.tickets.process.assignment import Assign, Claim
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.triage import Log
from tests.console.fixtures.morning import NOW, morning_desk, ref_of
from tests.console.harness.console import Running, running

OSC9 = "\x1b]9;supportdesk: "
UNOWNED_HIGH, UNOWNED_MEDIUM, AT_RISK = "CD-4C05-H", "CD-4C07-D", "CD-4C01-T"
HOSTILE = "Down \x1b]0;x\x07\x9c;\u202e[/oops]"


def listening(it: Running) -> list[str]:
    """Record what is written to the terminal from now on, except its title."""
    told: list[str] = []

    def write(sequence: str) -> None:
        if not sequence.startswith(("\x1b]2;", "\x1b[22")):
            told.append(sequence)

    it.screen.updates.announcer._terminal = HostTerminal(write)
    return told


def settings(tmp_path: Path, text: str) -> SettingsFiles:
    files = SettingsFiles(tmp_path / "config.toml", tmp_path / "console.toml")
    files.config.write_text(text)
    return files


@given(st.text(), st.sampled_from(["osc9", "osc777"]), st.booleans())
def test_no_text_can_end_the_escape_sequence_of_a_notice(
    text: str, by: Literal["osc9", "osc777"], tmux: bool
) -> None:
    sequence = notice_sequence(text, NoticeSettings(by, tmux=tmux))
    before = {"osc9": OSC9, "osc777": "\x1b]777;notify;supportdesk;"}[by]
    if tmux:
        assert sequence.startswith("\x1bPtmux;\x1b\x1b]")
        assert sequence.endswith("\x07\x1b\\")
        sequence = sequence.removeprefix("\x1bPtmux;\x1b").removesuffix("\x1b\\")
    assert sequence.startswith(before)
    body = sequence.removeprefix(before).removesuffix("\x07")
    assert len(body) <= LONGEST
    assert body.isprintable()
    assert ";" not in body


def test_a_burst_of_notices_is_sent_at_once_and_then_combined() -> None:
    pace = RateLimiter()
    pace.add(iter([DesktopNotice("one", "a")]))
    assert pace.due(100) == "one: a"
    pace.add(iter([DesktopNotice("two", "b"), DesktopNotice("three", "c"), DesktopNotice("four", "d")]))
    assert pace.due(100 + GAP - 1) == ""
    assert pace.due(100 + GAP) == "two: b, and 2 more"
    assert pace.due(100 + 2 * GAP) == ""


async def test_without_settings_there_are_no_desktop_notices() -> None:
    async with running(morning_desk()) as it:
        told = listening(it)
        it.desk.do_as("lee", Assign(UNOWNED_HIGH, "ann"))
        await it.until(lambda: "Ann" in it.line(UNOWNED_HIGH))
        assert told == []


async def test_a_ticket_assigned_to_the_operator_has_a_notice_and_a_claimed_one_has_none(
    tmp_path: Path,
) -> None:
    async with running(morning_desk(), files=settings(tmp_path, '[notices]\nby = "osc9"\n')) as it:
        told = listening(it)
        it.desk.do_as("ann", Claim(UNOWNED_MEDIUM))
        it.desk.do_as("lee", Assign(UNOWNED_HIGH, "ann"))
        await it.until(lambda: bool(told))
        assert told[0].startswith(f"{OSC9}{UNOWNED_HIGH} is offered to you: ")
        await it.at(NOW + timedelta(seconds=GAP))
        assert len(told) == 1


async def test_everybody_is_notified_of_a_breached_critical(tmp_path: Path) -> None:
    files = settings(tmp_path, '[notices]\nby = "osc777"\nof = ["breach"]\n')
    async with running(morning_desk(), files=files) as it:
        told = listening(it)
        await it.at(NOW + timedelta(minutes=6, seconds=1))
        assert [AT_RISK in each and "is breached" in each for each in told] == [True]


async def test_the_owner_is_notified_of_a_message_about_their_ticket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "FIRST_AFTER", 0.0)
    monkeypatch.setattr(loader, "GAP", 0.0)
    files = settings(tmp_path, '[notices]\nby = "osc9"\nof = ["message"]\n')
    desk = morning_desk()
    ref = ref_of(desk, "Export stops")
    async with running(desk, files=files, username="sam") as it:
        await it.until(lambda: it.screen.updates._message_notices._known is not None)
        told = listening(it)
        desk.do_as("ann", AddCustomerMessage(ref, HOSTILE))
        await it.until(lambda: f"The customer wrote about {ref}" in it.notice)
        await it.at(NOW + timedelta(seconds=GAP))
        assert [
            each.startswith(f"{OSC9}{ref} has a message of the customer: Export stops") for each in told
        ] == [True]


async def test_the_person_on_call_is_notified_of_a_page(tmp_path: Path) -> None:
    files = settings(tmp_path, '[notices]\nby = "osc9"\nof = ["page"]\n')
    async with running(morning_desk(), files=files, username="priya") as it:
        told = listening(it)
        it.desk.do_as("lee", Log("critical", "hotline", "acme", "jo", HOSTILE))
        await it.until(lambda: bool(told))
        assert "is paging you: Down" in told[0]
        assert told[0].count("\x07") == told[0].count("\x1b") == 1


@pytest.mark.parametrize(("bell", "rings"), [("[]", False), ('["medium"]', True), ('["critical"]', False)])
async def test_the_bell_rings_for_the_severities_of_the_settings(
    tmp_path: Path, bell: str, rings: bool
) -> None:
    async with running(morning_desk(), files=settings(tmp_path, f"bell = {bell}")) as it:
        rung: list[bool] = []
        it.app.bell = lambda: rung.append(True)  # type: ignore[method-assign]
        medium = it.desk.do_as("lee", Log("medium", "email", "acme", "jo", "Slow"))
        await it.until(lambda: any(medium in line for line in it.queue))
        assert bool(rung) is rings


async def test_an_unknown_severity_in_the_settings_is_reported(tmp_path: Path) -> None:
    async with running(morning_desk(), files=settings(tmp_path, 'bell = ["urgent"]')) as it:
        told = [notice.message for notice in it.app._notifications]
        assert told == ["bell: unknown severity urgent; the policy has critical, high, medium, low, change"]
