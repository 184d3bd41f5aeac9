"""Extending an acknowledgement with the key that acknowledges."""

from __future__ import annotations

from datetime import timedelta

from supportdesk.console.commands.extend_form import ExtendForm
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.tickets.process.triage import Acknowledge
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, morning_desk, ref_of
from tests.console.harness.console import Running, lines, running

LOGIN = "Nobody can log in"


def acknowledged(by: str = "priya") -> tuple[FakeDesk, str]:
    """A desk on which Priya's page is acknowledged, and the ticket's reference."""
    desk = morning_desk()
    ref = ref_of(desk, LOGIN)
    desk.do_as(by, Acknowledge(ref, paged="" if by == "priya" else "priya"))
    return desk, ref


def form_text(it: Running) -> str:
    """The text of the form on the screen, without its line breaks."""
    return " ".join(" ".join("".join(lines(each)) for each in it.app.screen.query("Static")).split())


async def test_p_and_a_reason_extend_an_acknowledgement_whose_end_the_form_shows() -> None:
    desk, ref = acknowledged()
    desk.clock.set(NOW + timedelta(minutes=1))
    async with running(desk, username="priya") as it:
        await it.find(ref)
        await it.press("p")
        assert isinstance(it.app.screen, ExtendForm)
        told = form_text(it)
        assert "until 09:57 GMT; Priya Nair acknowledged at 09:42 GMT" in told
        assert "If you extend it now: until 09:58 GMT; then it escalates further" in told
        await it.pilot.press(*"stuck")
        await it.press("f2")
        assert f"{ref}: you extended the acknowledgement" in it.foot
        valid = desk.explain_escalation(ref).valid
        assert valid is not None
        assert (valid.reason, valid.until) == ("stuck", NOW + timedelta(minutes=16))


async def test_an_extension_needs_a_reason() -> None:
    desk, ref = acknowledged()
    async with running(desk, username="priya") as it:
        await it.find(ref)
        await it.press("p", "f2")
        assert isinstance(it.app.screen, ExtendForm)
        assert not any(isinstance(command, Acknowledge) for command, *_ in desk.commands[1:])


async def test_who_may_not_extend_an_acknowledgement_is_told_whose_it_is() -> None:
    desk, ref = acknowledged()
    async with running(desk, username="sam") as it:
        await it.find(ref)
        await it.press("p")
        assert it.app.screen is it.screen
        assert "already acknowledged by Priya Nair at 09:42 GMT" in it.foot


async def test_an_open_page_is_acknowledged_not_extended() -> None:
    async with running(morning_desk(), username="ann") as it:
        await it.find(LOGIN)
        await it.press("p")
        assert isinstance(it.app.screen, Confirm)
