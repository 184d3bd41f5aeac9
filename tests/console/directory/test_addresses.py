"""The addresses of a member of staff, and their quiet hours, in the directory."""

from __future__ import annotations

from datetime import time

import pytest
from textual.widgets import Static

from supportdesk.tickets.documents import Address, QuietHours
from tests.console.fixtures.directory_keys import (
    ADMINISTRATOR,
    directory,
    find,
    form,
    page,
    sent,
    write,
)


async def test_addresses_and_quiet_hours_are_typed_shown_and_typed_again() -> None:
    async with directory(kind="People", username=ADMINISTRATOR) as it:
        await find(it, "priya")
        typed = "sms +44 7700 900123; call +44 7700 900123 after 2 min"
        write(await form(it, "e"), addresses=typed, quiet_hours="22-7")
        await sent(it)
        priya = it.desk.records.staff["priya"]
        assert priya.addresses == (
            Address("sms", "+44 7700 900123"),
            Address("call", "+44 7700 900123", 120),
        )
        assert priya.quiet_hours == QuietHours(time(22), time(7))
        shown = " ".join(page(it).split())
        assert "sms +44 7700 900123; call +44 7700 900123 after 2 min" in shown
        assert "22:00-07:00" in shown
        write(await form(it, "e"), quiet_hours="")
        await sent(it)
        assert it.desk.records.staff["priya"].quiet_hours is None
        assert it.desk.records.staff["priya"].addresses == priya.addresses


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("addresses", "+44 7700 900123", "cannot be a method of sending"),
        ("addresses", "sms +44 7700 900123 after lunch", "is not a duration"),
        ("quiet_hours", "nights", "no quiet hours"),
    ],
)
async def test_what_cannot_be_an_address_or_quiet_hours_is_reported_at_its_field(
    field: str, text: str, why: str
) -> None:
    async with directory(kind="People", username=ADMINISTRATOR) as it:
        await find(it, "priya")
        shown = await form(it, "e")
        write(shown, **{field: text})
        await it.pilot.press("f2")
        await it.until(lambda: bool(shown.query(f"#{field} .field-note.wrong")))
        assert why in str(shown.query_one(f"#{field} .field-note", Static).render())
        assert it.app.screen is shown
