"""A ticket's page as lines to be drawn, and which of them are its clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rich.style import Style as RichStyle
from textual.content import Content
from textual.strip import Strip

from supportdesk.console.ticket.clock_lines import clock_lines
from supportdesk.console.ticket.head import head_lines
from supportdesk.console.ticket.known import Known, Paper
from supportdesk.console.ticket.tabs import Tab, tab_line, tab_lines

AT_ONCE = 120
"""How many lines of a tab are made in one go: more than a screen shows, in some milliseconds."""


@dataclass
class Page:
    """The lines of a page. `clocks` are the places of those that a tick may change, `tabs` that of the tabs' names.

    `rest` are lines that are still to be made.
    """

    lines: list[Strip]
    clocks: range
    tabs: int
    rest: Iterator[Content]

    def go_on(self, paper: Paper) -> bool:
        """Makes more lines; False when there are no more."""
        before = len(self.lines)
        self.lines += [strip(line, paper) for line in islice(self.rest, AT_ONCE)]
        return len(self.lines) > before


def lay_out(known: Known, tab: Tab, paper: Paper) -> Page:
    """The page of a ticket with one of its tabs open, as far as that is made at once."""
    head = head_lines(known, paper)
    clocks = clock_lines(known, paper)
    lines = [*head, *clocks, Content(), tab_line(tab, paper), Content()]
    start = len(head)
    page = Page(
        lines=[strip(line, paper) for line in lines],
        clocks=range(start, start + len(clocks)),
        tabs=start + len(clocks) + 1,
        rest=tab_lines(tab, known, paper),
    )
    page.go_on(paper)
    return page


def strip(line: Content, paper: Paper) -> Strip:
    """A line as it is drawn, as wide as the paper."""
    ground = paper.look("text")
    return Strip(line.render_segments(ground)).adjust_cell_length(paper.width, _rich(ground.rich_style))


def _rich(style: RichStyle) -> RichStyle:
    return RichStyle(bgcolor=style.bgcolor, color=style.color)
