"""Builds the lines of a ticket's page.

On a high page the brief is above the tabs, always in view; on a low page it is the first tab.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rich.style import Style as RichStyle
from textual.content import Content
from textual.strip import Strip

from supportdesk.console.ticket.brief import PageDetail, above_clocks, below_clocks, tried_lines
from supportdesk.console.ticket.clock_lines import clock_lines
from supportdesk.console.ticket.context import PageCanvas, TicketContext
from supportdesk.console.ticket.header import header_lines
from supportdesk.console.ticket.tabs import Tab, tab_line, tab_lines

AT_ONCE = 120
"""The number of lines of a tab that are built at a time: more than a screen shows, in some milliseconds."""
LOW = 30
"""The height in lines below which a page is low."""
MIN_TRIED = 2
"""The least lines for what has been tried, even where they push the last lines off the screen."""

_BRIEFER = (
    (True, True, PageDetail.ALL),
    (True, True, PageDetail.LAST),
    (False, True, PageDetail.LAST),
    (False, False, PageDetail.LAST),
    (False, False, PageDetail.NONE),
)
"""A brief as it gets shorter: whether it has the bar of the leading clock and a blank line, and what pages tell."""


@dataclass(eq=False, repr=False)
class PageLines:
    """The lines of a page. `clocks` are the indexes of those that a tick may change, `names` that of the tabs' names.

    `tabs` are the tabs of the page, `tab` the open one; `rest` yields the lines that are not built yet. `has_bar` says
    whether the leading clock has a bar.
    """

    lines: list[Strip]
    clocks: range
    names: int
    tabs: tuple[Tab, ...]
    tab: Tab
    rest: Iterator[Content]
    has_bar: bool = True

    def build_more(self, canvas: PageCanvas) -> bool:
        """Build up to `AT_ONCE` more lines. Returns False if there are none."""
        before = len(self.lines)
        self.lines += [strip(line, canvas) for line in islice(self.rest, AT_ONCE)]
        return len(self.lines) > before


def build_page(context: TicketContext, tab_wanted: Tab, canvas: PageCanvas) -> PageLines:
    """Return the page of a ticket with the wanted tab open, or its first; `build_more` builds the rest."""
    page = (
        _low_page(context, tab_wanted, canvas)
        if canvas.height < LOW
        else _tall_page(context, tab_wanted, canvas)
    )
    page.build_more(canvas)
    return page


def _tall_page(context: TicketContext, tab_wanted: Tab, canvas: PageCanvas) -> PageLines:
    tabs = tuple(each for each in Tab if each is not Tab.BRIEF)
    tab = tab_wanted if tab_wanted in tabs else tabs[0]
    above = [*header_lines(context, canvas), Content(), *above_clocks(context, canvas), Content()]
    clocks = clock_lines(context, canvas)
    below = below_clocks(context, canvas)
    lines = [*above, *clocks, *below, Content(), tab_line(tabs, tab, canvas), Content()]
    return PageLines(
        lines=[strip(line, canvas) for line in lines],
        clocks=range(len(above), len(above) + len(clocks)),
        names=len(lines) - 2,
        tabs=tabs,
        tab=tab,
        rest=tab_lines(tab, context, canvas),
    )


def _low_page(context: TicketContext, tab: Tab, canvas: PageCanvas) -> PageLines:
    head = header_lines(context, canvas)
    above = [*head, tab_line(tuple(Tab), tab, canvas)]
    clocks: list[Content] = []
    below: list[Content] = []
    has_bar, has_blank, room = True, True, 0
    if tab is Tab.BRIEF:
        facts, tried = above_clocks(context, canvas), tried_lines(context, canvas, MIN_TRIED)
        # All that is needed at night must be in view at once: what can be spared goes, the least needed first.
        for has_bar, has_blank, detail in _BRIEFER:
            clocks = clock_lines(context, canvas, has_bar=has_bar)
            below = below_clocks(context, canvas, detail)
            room = canvas.height - len(above) - has_blank - len(facts) - len(clocks) - len(below)
            if room >= len(tried):
                break
        blank = [Content()] if has_blank else []
        above += [*blank, *facts, *tried_lines(context, canvas, max(MIN_TRIED, room))]
    else:
        above.append(Content())
    return PageLines(
        lines=[strip(line, canvas) for line in (*above, *clocks, *below)],
        clocks=range(len(above), len(above) + len(clocks)),
        names=len(head),
        tabs=tuple(Tab),
        tab=tab,
        rest=tab_lines(tab, context, canvas),
        has_bar=has_bar,
    )


def strip(line: Content, canvas: PageCanvas) -> Strip:
    """Return a line as it is drawn, as wide as the canvas."""
    base = canvas.style("text")
    return Strip(line.render_segments(base)).adjust_cell_length(canvas.width, _rich(base.rich_style))


def _rich(style: RichStyle) -> RichStyle:
    return RichStyle(bgcolor=style.bgcolor, color=style.color)
