"""A ticket's page as lines to be drawn, and which of them are its clocks."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.style import Style as RichStyle
from textual.content import Content
from textual.strip import Strip

from supportdesk.console.ticket.clock_lines import clock_lines
from supportdesk.console.ticket.head import head_lines
from supportdesk.console.ticket.known import Known, Paper
from supportdesk.console.ticket.tabs import Tab, tab_line, tab_lines


@dataclass
class Page:
    """The lines of a page. `clocks` are the places of those that a tick may change, `tabs` that of the tabs' names."""

    lines: list[Strip] = field(default_factory=list)
    clocks: range = range(0)
    tabs: int = 0


def lay_out(known: Known, tab: Tab, paper: Paper) -> Page:
    """The page of a ticket with one of its tabs open."""
    head = head_lines(known, paper)
    clocks = clock_lines(known, paper)
    body = tab_lines(tab, known, paper)
    lines = [*head, *clocks, Content(), tab_line(tab, paper), Content(), *body]
    start = len(head)
    return Page(
        [strip(line, paper) for line in lines], range(start, start + len(clocks)), start + len(clocks) + 1
    )


def strip(line: Content, paper: Paper) -> Strip:
    """A line as it is drawn, as wide as the paper."""
    ground = paper.look("text")
    return Strip(line.render_segments(ground)).adjust_cell_length(paper.width, _rich(ground.rich_style))


def _rich(style: RichStyle) -> RichStyle:
    return RichStyle(bgcolor=style.bgcolor, color=style.color)
