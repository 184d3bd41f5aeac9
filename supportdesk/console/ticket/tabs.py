"""The tabs of a ticket's page: its timeline, how its clocks came about, its customer, its articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum

from textual.content import Content

from supportdesk.console.terminal.safe_text import safe, safe_lines
from supportdesk.console.text.clock_text import NAMES
from supportdesk.console.text.names import short_name
from supportdesk.console.ticket.brief import SEPARATOR, arrival, reached_by
from supportdesk.console.ticket.context import PageCanvas, TicketContext
from supportdesk.sla import formatting
from supportdesk.sla.clocks import instant
from supportdesk.sla.explanation import Explanation
from supportdesk.store.read_models import TimelineEntry

WHO = 10
TIME = 7
INDENT = TIME + WHO + 1
BETWEEN = 2
"""Cells between the names of two tabs, each of which has one at its ends."""


class Tab(StrEnum):
    """A tab, by its name on the screen."""

    BRIEF = "Brief"
    TIMELINE = "Timeline"
    CLOCKS = "Clocks"
    CUSTOMER = "Customer"
    ARTICLES = "Articles"


def tab_line(tabs: Sequence[Tab], chosen: Tab, paper: PageCanvas) -> Content:
    """The names of some tabs, with the chosen one marked."""
    return Content(" " * BETWEEN).join(
        Content.styled(f" {tab} ", paper.look("tab" if tab is chosen else "quiet")) for tab in tabs
    )


def tab_lines(tab: Tab, known: TicketContext, paper: PageCanvas) -> Iterator[Content]:
    """What a tab holds, line by line: nobody has to wait for the end of a long timeline."""
    return iter(()) if known.view is None or tab is Tab.BRIEF else iter(_TABS[tab](known, paper))


def _timeline(known: TicketContext, paper: PageCanvas) -> Iterator[Content]:
    """The latest first, by day; the request itself, in the customer's words, at the end."""
    assert known.view is not None
    zone, look = known.zone, paper.look
    today = formatting.local(instant(paper.now), zone).date()
    day, first_line = today, True
    for entry in reversed(known.view.timeline):
        then = formatting.local(entry.at, zone).date()
        if then != day:
            day = then
            if not first_line:
                yield Content()
            yield Content.styled(
                f"{formatting.weekday(day)} {formatting.near_day(day, today)}", look("faint")
            )
        first_line = False
        yield from _entry(entry, known, paper)
    description = known.view.ticket.description
    if description:
        for part in safe_lines(description.strip(), look("text")).split():
            yield from paper.wrapped(part, indent=INDENT)


def _entry(entry: TimelineEntry, known: TicketContext, paper: PageCanvas) -> Iterator[Content]:
    """When, who and what; a reply keeps its lines, and the first of them stands beside who wrote it."""
    look = paper.look
    who = "the desk" if entry.name == "system" else entry.name
    who = who if len(who) < WHO else short_name(who)
    first = Content.assemble(
        (formatting.bare_time(entry.at, known.zone).ljust(TIME), look("faint")),
        safe(who, look("quiet")).truncate(WHO, ellipsis=True),
    )
    told = safe_lines(entry.sentence.strip(), look("faint" if entry.is_undone else "text")).split()
    yield from paper.wrapped(told[0], indent=INDENT, first=first)
    for part in told[1:]:
        yield from paper.wrapped(part, indent=INDENT)


def _clocks(known: TicketContext, paper: PageCanvas) -> list[Content]:
    if not known.explanations:
        return [Content.styled("Loading …", paper.look("faint"))]
    lines: list[Content] = []
    for kind, explanation in known.explanations.items():
        lines += [
            Content.styled(NAMES[kind], paper.look("strong")),
            *_explained(explanation, paper),
            Content(),
        ]
    return lines[:-1]


def _explained(explanation: Explanation, paper: PageCanvas) -> list[Content]:
    """An explanation laid out for a narrow page: when, what, how much it counted and the sum so far."""
    look, zone = paper.look, explanation.timezone
    lines = paper.wrapped(Content.styled(explanation.heading, look("quiet")))
    figures = 2 * FIGURE
    for line in explanation.lines:
        local = formatting.local(line.began, zone)
        when = f"{formatting.day(local):>6} {formatting.bare_time(line.began, zone)}  "
        told = Content.styled(line.what, look("text" if line.counted else "faint")).wrap(
            max(8, paper.width - len(when) - figures)
        )
        counted = (
            (formatting.exact_duration(line.counted), formatting.exact_duration(line.total))
            if line.counted
            else ("", "")
        )
        lines.append(
            Content.assemble(
                (when, look("faint")),
                told[0].pad_right(max(0, paper.width - len(when) - figures - told[0].cell_length)),
                (f"{counted[0]:>{FIGURE}}", look("quiet")),
                (f"{counted[1]:>{FIGURE}}", look("text")),
            )
        )
        lines += [part.pad_left(len(when)) for part in told[1:]]
    return [*lines, *paper.wrapped(Content.styled(explanation.verdict, look("text")))]


def _customer(known: TicketContext, paper: PageCanvas) -> list[Content]:
    view, look = known.view, paper.look
    assert view is not None
    contact, manager = view.contact, view.account_manager
    facts = [
        ("Contact", contact.name + (", super user" if contact.super_user else "")),
        ("", reached_by(contact)),
        ("", "" if contact.registered else "added with a request; not registered"),
        ("Customer", view.organisation.name),
        (
            "Account",
            SEPARATOR.join(filter(None, (f"{manager.name}, account manager", manager.telephone)))
            if manager
            else "no account manager",
        ),
        ("Received", arrival(known, paper)),
    ]
    lines: list[Content] = []
    for label, told in facts:
        if told:
            lines += paper.wrapped(
                safe(told, look("text")), indent=LABEL, first=Content.styled(label, look("quiet"))
            )
    neighbours = known.neighbours()
    lines += [Content(), Content.styled("Other open tickets of this customer", look("quiet"))]
    if not neighbours:
        return [*lines, Content.styled("none", look("faint"))]
    for row in neighbours:
        first = Content.styled(row.ref, look("quiet"))
        lines += paper.wrapped(safe(row.summary, look("text")), indent=12, first=first)
    return lines


def _articles(known: TicketContext, paper: PageCanvas) -> list[Content]:
    assert known.view is not None
    if not known.view.articles:
        send, link = known.key("send-article"), known.key("article")
        none = f"No article is linked to this ticket; {send} sends one to the customer, {link} links one."
        return paper.wrapped(Content.styled(none, paper.look("faint")))
    lines: list[Content] = []
    for article in known.view.articles:
        first = Content.styled(article.key, paper.look("quiet"))
        lines += paper.wrapped(safe(article.title, paper.look("strong")), indent=ARTICLE, first=first)
        for line in safe_lines(article.text, paper.look("text")).split():
            lines += paper.wrapped(line, indent=ARTICLE)
        lines.append(Content())
    return lines[:-1]


LABEL = 10
FIGURE = 10
ARTICLE = 9

_TABS: dict[Tab, Callable[[TicketContext, PageCanvas], Iterable[Content]]] = {
    Tab.TIMELINE: _timeline,
    Tab.CLOCKS: _clocks,
    Tab.CUSTOMER: _customer,
    Tab.ARTICLES: _articles,
}
