"""A ticket's page as lines to be drawn, and which of them are its clocks.

Where there is room the brief stands above the tabs, always in sight; on a low page it is the first of the tabs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rich.style import Style as RichStyle
from textual.content import Content
from textual.strip import Strip

from supportdesk.console.ticket.brief import above_clocks, below_clocks, tried_lines
from supportdesk.console.ticket.clock_lines import clock_lines
from supportdesk.console.ticket.context import PageCanvas, TicketContext
from supportdesk.console.ticket.header import header_lines
from supportdesk.console.ticket.tabs import Tab, tab_line, tab_lines

AT_ONCE = 120
"""How many lines of a tab are made in one go: more than a screen shows, in some milliseconds."""
LOW = 30
"""Below this height a page is low."""
LEAST_TRIED = 2
"""So many lines tell what was tried, even where they push the last ones off the screen."""


@dataclass
class TicketPage:
    """The lines of a page. `clocks` are the places of those that a tick may change, `names` that of the tabs' names.

    `tabs` are those that the page has, `tab` is the one that is open, `rest` are lines that are still to be made.
    """

    lines: list[Strip]
    clocks: range
    names: int
    tabs: tuple[Tab, ...]
    tab: Tab
    rest: Iterator[Content]

    def go_on(self, paper: PageCanvas) -> bool:
        """Makes more lines; False when there are no more."""
        before = len(self.lines)
        self.lines += [strip(line, paper) for line in islice(self.rest, AT_ONCE)]
        return len(self.lines) > before


def build_page(known: TicketContext, wanted: Tab, paper: PageCanvas) -> TicketPage:
    """The page of a ticket with the wanted tab open, or else its first, as far as that is made at once."""
    page = _low(known, wanted, paper) if paper.height < LOW else _tall(known, wanted, paper)
    page.go_on(paper)
    return page


def _tall(known: TicketContext, wanted: Tab, paper: PageCanvas) -> TicketPage:
    tabs = tuple(each for each in Tab if each is not Tab.BRIEF)
    tab = wanted if wanted in tabs else tabs[0]
    above = [*header_lines(known, paper), Content(), *above_clocks(known, paper), Content()]
    clocks = clock_lines(known, paper)
    below = below_clocks(known, paper)
    lines = [*above, *clocks, *below, Content(), tab_line(tabs, tab, paper), Content()]
    return TicketPage(
        lines=[strip(line, paper) for line in lines],
        clocks=range(len(above), len(above) + len(clocks)),
        names=len(lines) - 2,
        tabs=tabs,
        tab=tab,
        rest=tab_lines(tab, known, paper),
    )


def _low(known: TicketContext, tab: Tab, paper: PageCanvas) -> TicketPage:
    head = header_lines(known, paper)
    above = [*head, tab_line(tuple(Tab), tab, paper), Content()]
    clocks: list[Content] = []
    below: list[Content] = []
    if tab is Tab.BRIEF:
        above += above_clocks(known, paper)
        clocks, below = clock_lines(known, paper), below_clocks(known, paper)
        # What was tried has the room that the rest leaves it: the clocks and who was told are to be seen at once.
        room = paper.height - len(above) - len(clocks) - len(below)
        above += tried_lines(known, paper, max(LEAST_TRIED, room))
    return TicketPage(
        lines=[strip(line, paper) for line in (*above, *clocks, *below)],
        clocks=range(len(above), len(above) + len(clocks)),
        names=len(head),
        tabs=tuple(Tab),
        tab=tab,
        rest=tab_lines(tab, known, paper),
    )


def strip(line: Content, paper: PageCanvas) -> Strip:
    """A line as it is drawn, as wide as the paper."""
    ground = paper.look("text")
    return Strip(line.render_segments(ground)).adjust_cell_length(paper.width, _rich(ground.rich_style))


def _rich(style: RichStyle) -> RichStyle:
    return RichStyle(bgcolor=style.bgcolor, color=style.color)
