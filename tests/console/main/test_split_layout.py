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
def test_the_terminals_size_decides_where_the_ticket_is(size: tuple[int, int], found: SplitLayout) -> None:
    assert layout_for(*size, PaneSettings()) == found


@pytest.mark.parametrize("place", [None, "beside", "below"])
def test_at_every_size_both_panes_have_their_least_size_or_only_one_is_shown(place: str | None) -> None:
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
def test_with_any_settings_both_panes_have_their_least_size(
    width: int, height: int, pane: PaneSettings
) -> None:
    found = layout_for(width, height, pane)
    if found.where is Placement.BESIDE:
        assert TICKET_WIDTH <= found.extent <= width - QUEUE_WIDTH
    elif found.where is Placement.BELOW:
        assert TICKET_HEIGHT <= found.extent <= height - FRAME - QUEUE_HEIGHT


def test_the_ticket_is_where_the_settings_place_it_as_far_as_there_is_space() -> None:
    assert layout_for(160, 50, PaneSettings("below")).where is Placement.BELOW
    assert layout_for(160, LEAST_BELOW - 1, PaneSettings("below")).where is Placement.BESIDE
    assert layout_for(80, LEAST_BELOW - 1, PaneSettings("below")).where is Placement.ALONE
    assert layout_for(114, 60, PaneSettings("beside")).where is Placement.BESIDE
    assert layout_for(113, 60, PaneSettings("beside")).where is Placement.BELOW


@given(widths, heights, panes, st.sampled_from([1, -1]))
def test_a_step_resizes_the_pane_or_is_refused_at_the_limit(
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


def test_a_step_wider_and_one_back_restores_the_size() -> None:
    wider = grow(160, 50, PaneSettings(), 1)
    assert wider == PaneSettings(width=40)
    assert wider is not None
    back = grow(160, 50, wider, -1)
    assert back is not None
    assert layout_for(160, 50, back) == layout_for(160, 50, PaneSettings())


@given(widths, heights, panes, st.integers(0, 300))
def test_the_edge_follows_the_mouse_as_far_as_it_can(
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
def test_moving_the_pane_changes_its_place_or_is_refused_where_nothing_would_change(
    width: int, height: int, pane: PaneSettings
) -> None:
    before, wanted = layout_for(width, height, pane).where, next_placement(width, height, pane)
    possible = {layout_for(width, height, PaneSettings(place)).where for place in ("auto", "beside", "below")}
    if wanted is None:
        assert possible == {before}
    else:
        assert layout_for(width, height, wanted).where is not before
        assert (wanted.width, wanted.height) == (pane.width, pane.height)


def test_a_wide_screen_has_space_for_the_ticket_beside_the_queue() -> None:
    assert BESIDE_FROM >= QUEUE_WIDTH + TICKET_WIDTH
