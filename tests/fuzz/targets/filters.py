"""The filter language: parsing, completion and selection."""

from __future__ import annotations

from itertools import pairwise

from supportdesk.console.queue.filter.completion import completions
from supportdesk.console.queue.filter.filter import Filter
from supportdesk.console.queue.filter.lexer import tokenize
from supportdesk.console.queue.filter.parser import parse
from supportdesk.console.queue.filter.predicates import FilterContext
from tests.console.queue.filter.test_filter import DESK, NOW, entry, rows
from tests.fuzz.target import assert_helps, text_target

ENTRIES = [entry(row) for row in rows().values()]
MOST_CURSORS = 6


@text_target("filter")
def filters(text: str) -> None:
    """Any line gives a filter that selects, and faults at their place; a filter written and parsed again is equal."""
    text = text[:2_000]
    found = parse(text, DESK)
    for fault in found.faults:
        assert 0 <= fault.start <= fault.end <= len(text)
        assert_helps(fault.message, " ")
    assert [fault.start for fault in found.faults] == sorted(fault.start for fault in found.faults)
    again = parse(str(found.filter), DESK)
    assert not again.faults, again.faults
    assert again.filter == found.filter
    at = FilterContext(now=NOW)
    assert {each.row.ref for each in again.filter.select(ENTRIES, at)} == {
        each.row.ref for each in found.filter.select(ENTRIES, at)
    }
    found.filter.transitions(ENTRIES, NOW)
    assert found.filter.is_subset_of(Filter())


@text_target("completion")
def completion(text: str) -> None:
    """A completion at any cursor replaces a part of the line, and what it gives can be parsed."""
    text = text[:500]
    tokens = tokenize(text)
    assert all(a.end <= b.start for a, b in pairwise(tokens))
    step = max(1, len(text) // MOST_CURSORS)
    for cursor in {*range(0, len(text), step), len(text)}:
        found = completions(text, cursor, DESK)
        assert 0 <= found.start <= found.end <= len(text)
        for item in found.items[:5]:
            line, place = found.accepted(text, item)
            assert 0 <= place <= len(line)
            parse(line, DESK)
