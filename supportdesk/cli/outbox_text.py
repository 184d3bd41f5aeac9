"""What waits to be sent and what went out, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from supportdesk.cli.output import terminal_width
from supportdesk.cli.param_types import utc
from supportdesk.cli.table import NAME_WIDTH, TableColumn, noted_table_lines
from supportdesk.sla.clocks import epoch, instant
from supportdesk.sla.formatting import near_time, sentence
from supportdesk.tickets.documents import MAIL
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.outbox.delivery import DeliveryState
from supportdesk.tickets.outbox.entry import SHORT_ID, Fate, ListedDelivery, OutboxEntry
from supportdesk.tickets.outbox.entry_text import OVERDUE_AFTER, describe_fate, describe_state

MOST = 1_000
"""How many entries of the outbox are read at most; where there are so many, there may be more."""


def outbox_lines(entries: Sequence[OutboxEntry], zone: str, now: datetime) -> Iterator[str]:
    """Yield what waits and what has failed as lines, with times in `zone`."""
    yield summarise(entries)
    if not entries:
        return
    yield ""
    yield from _table([(each, describe_state(each, zone, now)) for each in entries], zone, now)
    if len(entries) >= MOST:
        yield ""
        yield f"Only the first {MOST:,} are listed; `supportdesk outbox --all` counts them."


def delivery_lines(
    deliveries: Sequence[ListedDelivery], counts: Mapping[Fate, int], zone: str, now: datetime
) -> Iterator[str]:
    """Yield what waits and what went out as lines, the newest first, with times in `zone`.

    `counts` are those of all deliveries, also of those not listed.
    """
    if not counts:
        yield "Nothing went out in the last 30 days, and nothing waits."
        return
    yield f"{', '.join(f'{counts[fate]:,} {fate}' for fate in Fate if fate in counts)}."
    yield ""
    rows = [
        (each, ": ".join(filter(None, (each.fate, describe_fate(each, zone, now))))) for each in deliveries
    ]
    yield from _table(rows, zone, now)
    if len(deliveries) < sum(counts.values()):
        yield ""
        yield f"The newest {len(deliveries):,} of {sum(counts.values()):,}."


def _table(rows: Sequence[tuple[OutboxEntry, str]], zone: str, now: datetime) -> Iterator[str]:
    """Return the lines for each delivery with what became of it."""
    headings = (
        TableColumn("ID"),
        TableColumn("MADE"),
        TableColumn("TICKET"),
        TableColumn("WHAT"),
        TableColumn("TO", least=NAME_WIDTH),
        TableColumn("BY"),
        TableColumn("STATE"),
    )
    cells = [
        (
            each.id[:SHORT_ID],
            near_time(instant(each.at), zone, now),
            each.ref or "–",
            each.text if each.kind == MAIL else each.kind,
            each.person_name,
            f"{each.method} {each.target}",
            state,
        )
        for each, state in rows
    ]
    return noted_table_lines(headings, cells, terminal_width(), notes=2)


def summarise(entries: Sequence[OutboxEntry]) -> str:
    """Return how much waits, is held back or has failed: `2 messages wait to be sent, 1 of them is held back.`"""
    failed = sum(each.state == DeliveryState.FAILED for each in entries)
    waiting = len(entries) - failed
    held = sum(bool(each.held) for each in entries)
    if not entries:
        return "Nothing waits to be sent."
    least = "at least " if len(entries) >= MOST else ""
    parts = [f"{least}{_messages(waiting)} {'waits' if waiting == 1 else 'wait'} to be sent"]
    if held:
        parts.append(f"{held} of them {'is' if held == 1 else 'are'} held back")
    if failed:
        parts.append(f"{failed} {'has' if failed == 1 else 'have'} failed in the last 7 days")
    return sentence(", ".join(parts))


def list_unsent(entries: Sequence[OutboxEntry], zone: str, now: datetime) -> Iterator[str]:
    """Yield what each method should have sent a while ago, and did not even try: no watcher sends by it."""
    due: dict[str, list[int]] = {}
    for each in entries:
        if each.due_at is not None and not each.attempts and epoch(now) - each.due_at > OVERDUE_AFTER:
            due.setdefault(each.method, []).append(each.due_at)
    for method, times in due.items():
        since = near_time(instant(min(times)), zone, now)
        verb = "waits" if len(times) == 1 else "wait"
        table = "watcher.customer_mail" if method == CUSTOMER_MAIL else f"watcher.methods.{method}"
        least = "at least " if len(entries) >= MOST else ""
        yield (
            f"{least}{_messages(len(times))} {verb} since {since}, as no watcher sends by {method}: set it up with"
            f" [{table}] where `supportdesk watch` runs; `supportdesk outbox` lists what waits"
        )


def entry_to_json(entry: OutboxEntry) -> dict[str, Any]:
    """Return a delivery as a JSON object."""

    def at(seconds: int | None) -> str | None:
        return utc(instant(seconds)) if seconds is not None else None

    return {
        "id": entry.id,
        "ref": entry.ref,
        "kind": entry.kind,
        "urgent": entry.urgent,
        "person": entry.person,
        "method": entry.method,
        "target": entry.target,
        "state": entry.state,
        "made_at": at(entry.at),
        "due_at": at(entry.due_at),
        "held": entry.held or None,
        "attempts": entry.attempts,
        "tried_at": at(entry.tried_at),
        "detail": entry.detail,
        "why": entry.text,
    }


def delivery_to_json(delivery: ListedDelivery) -> dict[str, Any]:
    """Return a delivery with what became of it as a JSON object."""
    bounce = delivery.bounce or None
    return {
        **entry_to_json(delivery),
        "fate": delivery.fate,
        "bounce": bounce,
        "needless": delivery.needless or None,
    }


def _messages(count: int) -> str:
    return f"{count:,} message{'' if count == 1 else 's'}"
