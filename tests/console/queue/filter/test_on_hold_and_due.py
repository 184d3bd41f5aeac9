"""On hold as a value, and dates of what is due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from supportdesk.console.queue.filter.filter import Term
from supportdesk.console.queue.filter.parser import parse
from tests.console.queue.filter.test_filter import DESK, left


@pytest.mark.parametrize("text", ["is:on-hold", 'state:"on hold"'])
def test_on_hold_is_a_value_of_two_fields(text: str) -> None:
    assert left(text) == left("waiting")


@pytest.mark.parametrize(("typed", "canonical"), [("22 Nov", "2026-11-22"), ("24 Dec", "2026-12-24")])
def test_a_date_without_its_year_is_the_near_one_for_what_is_due(typed: str, canonical: str) -> None:
    desk = replace(DESK, now=lambda: datetime(2026, 11, 26, 9, tzinfo=UTC))
    (term,) = parse(f'due:<"{typed}"', desk).filter.terms
    assert isinstance(term, Term)
    assert [value.text for value in term.values] == [f"<{canonical}"]
