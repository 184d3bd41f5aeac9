"""The number of keys that a call takes, from the queue on."""

from __future__ import annotations

import pytest

from supportdesk.tickets import reference
from tests.bench.keystrokes import AT_MOST, NEW_HIGH, ON_A_TICKET, counted, logged, recorded


@pytest.mark.parametrize("way", NEW_HIGH)
async def test_a_known_callers_request_takes_few_keys_beyond_its_text(way: str) -> None:
    assert len(counted(NEW_HIGH[way])) <= AT_MOST
    ref = await logged(NEW_HIGH[way])
    assert ref == reference.parse(ref)


async def test_a_known_callers_call_about_a_ticket_takes_few_keys() -> None:
    assert len(counted(ON_A_TICKET)) <= AT_MOST
    ref = await recorded(ON_A_TICKET)
    assert ref == reference.parse(ref)
