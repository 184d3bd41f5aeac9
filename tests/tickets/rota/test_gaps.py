"""Gaps, and which of them a change would make."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given

from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.gaps import RotaGap, find_gaps, find_new_gaps
from supportdesk.tickets.rota.layers import lines_in_use
from tests.tickets.rota.rotas import START, Data, rotas

END = START + timedelta(days=60)
MINUTE = timedelta(minutes=1)


def holds(gaps: tuple[RotaGap, ...], line: Line, at: datetime) -> bool:
    return any(each.line is line and each.start <= at < each.end for each in gaps)


@given(rotas(), rotas())
def test_a_new_gap_is_exactly_what_was_covered_before_a_change_and_is_not_after_it(
    before: Data, after: Data
) -> None:
    was, now, new = (
        find_gaps(before, START, END),
        find_gaps(after, START, END),
        find_new_gaps(before, after, START, END),
    )
    common = [line for line in lines_in_use(before.rotations) if line in lines_in_use(after.rotations)]
    edges = {edge for each in (*was, *now, *new) for edge in (each.start, each.end)}
    for at in sorted({*edges, *(edge - MINUTE for edge in edges)}):
        if not START <= at < END:
            continue
        for line in common:
            expected = holds(now, line, at) and not holds(was, line, at)
            assert holds(new, line, at) is expected
    assert all(each.start < each.end for each in new)
    assert find_new_gaps(before, before, START, END) == ()


@given(rotas())
def test_gaps_are_apart_and_within_the_time_asked_about(data: Data) -> None:
    gaps = find_gaps(data, START, END)
    for line in Line:
        theirs = [each for each in gaps if each.line is line]
        assert all(START <= each.start < each.end <= END for each in theirs)
        assert all(one.end <= other.start for one, other in pairwise(theirs))
