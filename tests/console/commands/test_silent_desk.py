"""Where the desk has fallen silent, the form of a command opens all the same: with the ticket as it is shown."""

from __future__ import annotations

import pytest
from textual.widgets import TextArea

from supportdesk.console.commands import runner
from supportdesk.console.forms.form import Form
from supportdesk.store.read_models import TicketView
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running
from tests.event_loop import Gate


async def test_a_form_opens_although_the_desk_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "PATIENCE", 0.0)
    desk = morning_desk()
    read = desk.ticket
    async with running(desk) as it:
        gate = Gate()

        def answer_later(ref: str) -> TicketView:
            gate.wait()
            return read(ref)

        monkeypatch.setattr(desk, "ticket", answer_later)
        try:
            await it.pilot.press("i")
            await it.until(lambda: isinstance(it.app.screen, Form))
            await it.pilot.press("h", "i")
            assert it.app.screen.query_one(TextArea).text == "hi"
        finally:
            gate.open()
