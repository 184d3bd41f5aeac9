"""How the queue and the ticket share a screen, at every size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from supportdesk.console.main.split_layout import (
    BESIDE_FROM,
    FRAME,
    LEAST_BELOW,
    QUEUE_HEIGHT,
    QUEUE_WIDTH,
    TICKET_HEIGHT,
    TICKET_WIDTH,
    Placement,
    SplitLayout,
    drag_to,
    grow,
    layout_for,
    next_placement,
)
from supportdesk.settings.settings import PaneSettings

WIDTHS, HEIGHTS = range(40, 301), range(10, 101)
widths, heights = st.integers(40, 300), st.integers(10, 100)
shares = st.none() | st.integers(20, 80)
panes = st.builds(
    PaneSettings, place=st.sampled_from([None, "auto", "beside", "below"]), width=shares, height=shares
)


@pytest.mark.parametrize(
    ("size", "found"),
    [
        ((160, 50), SplitLayout(Placement.BESIDE, 56)),
        ((124, 30), SplitLayout(Placement.BESIDE, 50)),
        ((139, 50), SplitLayout(Placement.BESIDE, 50)),
        ((300, 100), SplitLayout(Placement.BESIDE, 105)),
        ((100, 60), SplitLayout(Placement.BELOW, 24)),
        ((123, 40), SplitLayout(Placement.BELOW, 15)),
        ((123, 39), SplitLayout(Placement.ALONE)),
        ((80, 24), SplitLayout(Placement.ALONE)),
    ],
)
def test_the_shape_of_the_terminal_says_where_the_ticket_stands(
    size: tuple[int, int], found: SplitLayout
) -> None:
    assert layout_for(*size, PaneSettings()) == found


@pytest.mark.parametrize("place", [None, "beside", "below"])
def test_at_every_size_both_have_what_they_need_or_there_is_one_of_them(place: str | None) -> None:
    pane = PaneSettings(place)  # type: ignore[arg-type]
    for width in WIDTHS:
        for height in HEIGHTS:
            found = layout_for(width, height, pane)
            match found.where:
                case Placement.BESIDE:
                    assert TICKET_WIDTH <= found.extent <= width - QUEUE_WIDTH
                case Placement.BELOW:
                    assert TICKET_HEIGHT <= found.extent <= height - FRAME - QUEUE_HEIGHT
                case Placement.ALONE:
                    assert found.extent == 0


@given(widths, heights, panes)
def test_whatever_somebody_wants_both_have_what_they_need(
    width: int, height: int, pane: PaneSettings
) -> None:
    found = layout_for(width, height, pane)
    if found.where is Placement.BESIDE:
        assert TICKET_WIDTH <= found.extent <= width - QUEUE_WIDTH
    elif found.where is Placement.BELOW:
        assert TICKET_HEIGHT <= found.extent <= height - FRAME - QUEUE_HEIGHT


def test_it_stands_where_somebody_wants_it_as_far_as_there_is_room() -> None:
    assert layout_for(160, 50, PaneSettings("below")).where is Placement.BELOW
    assert layout_for(160, LEAST_BELOW - 1, PaneSettings("below")).where is Placement.BESIDE
    assert layout_for(80, LEAST_BELOW - 1, PaneSettings("below")).where is Placement.ALONE
    assert layout_for(114, 60, PaneSettings("beside")).where is Placement.BESIDE
    assert layout_for(113, 60, PaneSettings("beside")).where is Placement.BELOW


@given(widths, heights, panes, st.sampled_from([1, -1]))
def test_a_step_changes_what_is_seen_or_is_refused_because_the_other_needs_the_room(
    width: int, height: int, pane: PaneSettings, by: int
) -> None:
    before = layout_for(width, height, pane)
    if before.where is Placement.ALONE:
        return
    wanted = grow(width, height, pane, by)
    if wanted is not None:
        after = layout_for(width, height, wanted)
        assert after.where is before.where
        assert (after.extent - before.extent) * by > 0
    else:
        furthest = replace(pane, width=80 if by > 0 else 20, height=80 if by > 0 else 20)
        assert (layout_for(width, height, furthest).extent - before.extent) * by <= 0


def test_a_step_wider_and_one_back_is_as_before() -> None:
    wider = grow(160, 50, PaneSettings(), 1)
    assert wider == PaneSettings(width=40)
    assert wider is not None
    back = grow(160, 50, wider, -1)
    assert back is not None
    assert layout_for(160, 50, back) == layout_for(160, 50, PaneSettings())


@given(widths, heights, panes, st.integers(0, 300))
def test_the_edge_goes_where_it_is_drawn_or_as_far_as_it_can(
    width: int, height: int, pane: PaneSettings, extent: int
) -> None:
    before = layout_for(width, height, pane)
    if before.where is Placement.ALONE:
        return
    after = layout_for(width, height, drag_to(width, height, pane, extent))
    limits = [
        layout_for(width, height, replace(pane, width=share, height=share)).extent for share in (20, 80)
    ]
    wanted = max(limits[0], min(extent, limits[1]))
    assert after.where is before.where
    assert abs(after.extent - wanted) <= (3 if before.where is Placement.BESIDE else 1)


@given(widths, heights, panes)
def test_turning_it_changes_where_it_stands_or_is_refused_because_nothing_would(
    width: int, height: int, pane: PaneSettings
) -> None:
    before, wanted = layout_for(width, height, pane).where, next_placement(width, height, pane)
    possible = {layout_for(width, height, PaneSettings(place)).where for place in ("auto", "beside", "below")}
    if wanted is None:
        assert possible == {before}
    else:
        assert layout_for(width, height, wanted).where is not before
        assert (wanted.width, wanted.height) == (pane.width, pane.height)


def test_a_wide_screen_is_one_that_has_room_beside() -> None:
    assert BESIDE_FROM >= QUEUE_WIDTH + TICKET_WIDTH
