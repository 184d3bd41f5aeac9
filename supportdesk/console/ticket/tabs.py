"""The tabs of a ticket's page: timeline, explanation of the clocks, customer, articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum

from textual.content import Content
from textual.style import Style

from supportdesk.console.terminal.safe_text import safe, safe_lines
from supportdesk.console.text.clock_text import NAMES
from supportdesk.console.text.names import short_name
from supportdesk.console.ticket.brief import SEPARATOR, arrival, reached_by
from supportdesk.console.ticket.context import PageCanvas, TicketContext
from supportdesk.sla import formatting
from supportdesk.sla.clocks import instant
from supportdesk.sla.explanation import Explanation
from supportdesk.store.read_models import TimelineEntry
from supportdesk.store.timeline_lines import list_lines
from supportdesk.tickets.events import CustomerWrote, SendAttempted
from supportdesk.tickets.ticket import Stage

WHO = 10
TIME = 7
INDENT = TIME + WHO + 1
SEND_ATTEMPTED, CUSTOMER_WROTE = (str(each.__struct_config__.tag) for each in (SendAttempted, CustomerWrote))
BETWEEN = 2
"""Cells between the names of two tabs, each of which has one at its ends."""


class Tab(StrEnum):
    """A tab, by its name on the screen."""

    BRIEF = "Brief"
    TIMELINE = "Timeline"
    CLOCKS = "Clocks"
    CUSTOMER = "Customer"
    ARTICLES = "Articles"


def tab_line(tabs: Sequence[Tab], chosen: Tab, canvas: PageCanvas) -> Content:
    """Return a line with the names of the tabs, the open one marked."""
    return Content(" " * BETWEEN).join(
        Content.styled(f" {tab} ", canvas.style("tab" if tab is chosen else "quiet")) for tab in tabs
    )


def tab_lines(tab: Tab, context: TicketContext, canvas: PageCanvas) -> Iterator[Content]:
    """Return the lines of a tab one by one, so that a long timeline can be built in parts."""
    return iter(()) if context.view is None or tab is Tab.BRIEF else iter(_TABS[tab](context, canvas))


def _timeline(context: TicketContext, canvas: PageCanvas) -> Iterator[Content]:
    """Yield the events by day, the latest first, and the customer's description at the end."""
    assert context.view is not None
    zone, style = context.zone, canvas.style
    today = formatting.local(instant(canvas.now), zone).date()
    day, first_line = today, True
    for entry in reversed([*list_lines(context.view.timeline)]):
        then = formatting.local(entry.at, zone).date()
        if then != day:
            day = then
            if not first_line:
                yield Content()
            yield Content.styled(
                f"{formatting.weekday(day)} {formatting.near_day(day, today)}", style("faint")
            )
        first_line = False
        yield from _entry(entry, context, canvas)
    description = context.view.ticket.description
    if description:
        for part in _folded(description.strip(), style("text"), canvas):
            yield from canvas.wrapped(part, indent=INDENT)


def _entry(entry: TimelineEntry, context: TicketContext, canvas: PageCanvas) -> Iterator[Content]:
    """Yield the lines of an event: time, actor and text; a reply keeps its line breaks.

    An attempt to send has one line until it is unfolded, and so has what a customer's message quotes.
    """
    style = canvas.style
    who = "the desk" if entry.name == "system" else entry.name
    who = who if len(who) < WHO else short_name(who)
    first = Content.assemble(
        (formatting.bare_time(entry.at, context.zone).ljust(TIME), style("faint")),
        safe(who, style("quiet")).truncate(WHO, ellipsis=True),
    )
    if entry.event == SEND_ATTEMPTED and entry.phrase is not None and not canvas.unfolded:
        line = safe(f"{entry.phrase.heading} {canvas.symbols.ellipsis}", style("faint"))
        room = max(8, canvas.width - INDENT)
        yield first.pad_right(INDENT - first.cell_length) + line.truncate(room, ellipsis=True)
        return
    shown, sentence = style("faint" if entry.is_undone else "text"), entry.sentence.strip()
    is_mail = entry.event == CUSTOMER_WROTE
    text = _folded(sentence, shown, canvas) if is_mail else safe_lines(sentence, shown).split()
    yield from canvas.wrapped(text[0], indent=INDENT, first=first)
    for part in text[1:]:
        yield from canvas.wrapped(part, indent=INDENT)


def _folded(text: str, shown: Style, canvas: PageCanvas) -> list[Content]:
    """Return the lines of what a customer wrote, with one line for what it quotes until that is unfolded."""
    lines = safe_lines(text, shown).split()
    if canvas.unfolded or len(lines) == 1:
        return [*lines]
    # Imported when first needed: few texts have several lines.
    from supportdesk.intake.mail.parsing.quotes import split_quoted

    end = _find_remarks(text.split("\n"))
    hidden = len(split_quoted("\n".join(text.split("\n")[:end])).hidden)
    if not hidden:
        return [*lines]
    count = f"{hidden} line{'' if hidden == 1 else 's'} of quoted text"
    fold = Content.styled(f"{canvas.symbols.folded} {count}", canvas.style("faint"))
    return [*lines[: end - hidden], fold, *lines[end:]]


def _find_remarks(lines: Sequence[str]) -> int:
    """Return where the remarks in brackets begin that were added behind a message, and the blank line before them."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or (lines[end - 1][:1], lines[end - 1][-1:]) == ("[", "]")):
        end -= 1
    return end


def _clocks(context: TicketContext, canvas: PageCanvas) -> list[Content]:
    if not context.explanations:
        return [Content.styled("Loading …", canvas.style("faint"))]
    lines: list[Content] = []
    for kind, explanation in context.explanations.items():
        lines += [
            Content.styled(NAMES[kind], canvas.style("strong")),
            *_explained(explanation, canvas),
            Content(),
        ]
    return lines[:-1]


def _explained(explanation: Explanation, canvas: PageCanvas) -> list[Content]:
    """Return an explanation as lines for a narrow page: time, reason, the time counted and the sum so far."""
    style, zone = canvas.style, explanation.timezone
    lines = canvas.wrapped(Content.styled(explanation.heading, style("quiet")))
    figures = 2 * FIGURE
    for line in explanation.lines:
        local = formatting.local(line.began, zone)
        when = f"{formatting.day(local):>6} {formatting.bare_time(line.began, zone)}  "
        text = Content.styled(line.what, style("text" if line.counted else "faint")).wrap(
            max(8, canvas.width - len(when) - figures)
        )
        counted = (
            (formatting.exact_duration(line.counted), formatting.exact_duration(line.total))
            if line.counted
            else ("", "")
        )
        lines.append(
            Content.assemble(
                (when, style("faint")),
                text[0].pad_right(max(0, canvas.width - len(when) - figures - text[0].cell_length)),
                (f"{counted[0]:>{FIGURE}}", style("quiet")),
                (f"{counted[1]:>{FIGURE}}", style("text")),
            )
        )
        lines += [part.pad_left(len(when)) for part in text[1:]]
    return [*lines, *canvas.wrapped(Content.styled(explanation.verdict, style("text")))]


def _customer(context: TicketContext, canvas: PageCanvas) -> list[Content]:
    view, style = context.view, canvas.style
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
        ("Received", arrival(context, canvas)),
    ]
    lines: list[Content] = []
    for label, text in facts:
        if text:
            lines += canvas.wrapped(
                safe(text, style("text")), indent=LABEL, first=Content.styled(label, style("quiet"))
            )
    neighbours = context.neighbours()
    lines += [Content(), Content.styled("Other open tickets of this customer", style("quiet"))]
    if not neighbours:
        return [*lines, Content.styled("none", style("faint"))]
    for row in neighbours:
        first = Content.styled(row.ref, style("quiet"))
        lines += canvas.wrapped(safe(row.summary, style("text")), indent=12, first=first)
    return lines


def _articles(context: TicketContext, canvas: PageCanvas) -> list[Content]:
    assert context.view is not None
    if not context.view.articles:
        offers = []
        if context.keys and context.view.ticket.stage is not Stage.CLOSED:
            offers.append(f"{context.key('send-article')} sends one to the customer")
        if context.keys and context.row.is_open:
            offers.append(f"{context.key('article')} links one")
        none = "; ".join(filter(None, ("No article is linked to this ticket", ", ".join(offers))))
        return canvas.wrapped(Content.styled(f"{none}.", canvas.style("faint")))
    lines: list[Content] = []
    for article in context.view.articles:
        first = Content.styled(article.key, canvas.style("quiet"))
        lines += canvas.wrapped(safe(article.title, canvas.style("strong")), indent=ARTICLE, first=first)
        for line in safe_lines(article.text, canvas.style("text")).split():
            lines += canvas.wrapped(line, indent=ARTICLE)
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
