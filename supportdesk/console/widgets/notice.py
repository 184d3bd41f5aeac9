"""Notices as values: each names what it is about and what can be done, and waits until the operator responds."""

from __future__ import annotations

from enum import IntEnum

import msgspec


class Rank(IntEnum):
    """How urgent a notice is; the lower number is shown first."""

    PAGE = 0
    CALL_SOMEBODY = 1
    OFFER = 2
    MESSAGE = 3
    TEST = 4
    ROTA_GAP = 5
    DRAFT = 6
    NEWER_VERSION = 7


class Notice(msgspec.Struct, frozen=True):
    """Something to respond to. A notice replaces an earlier one with the same `id`.

    `ref` is the reference of its ticket, empty for none. `verb` is the command that its key runs on that ticket or,
    without a ticket, the destination that it opens, with `target` as its text; empty if the notice can only be read.
    `action` is the label of that key: `acknowledge`. `severity` is the place of its ticket's severity in the policy, 0
    for the most severe, and `sent_at` when the page was sent, in UTC epoch seconds; both are 0 for other notices.
    """

    id: str
    text: str
    rank: Rank
    ref: str = ""
    verb: str = ""
    action: str = ""
    target: str = ""
    severity: int = 0
    sent_at: int = 0


class Notices:
    """The notices without a response: the most urgent first, those of one rank in the order of arrival.

    Pages are in the order of their tickets' severities, of one severity the newest first: it must not wait behind a
    page that was read.
    """

    def __init__(self) -> None:
        self._open: dict[str, Notice] = {}

    def __len__(self) -> int:
        return len(self._open)

    @property
    def first(self) -> Notice | None:
        """The notice to show; None if there is none."""
        return min(self._open.values(), key=_urgency, default=None)

    def describe_others(self) -> str:
        """Return how many notices there are besides the first, the pages counted apart: `1 more page, 2 more`."""
        first = self.first
        pages = sum(each.rank is Rank.PAGE for each in self._open.values() if each is not first)
        others = max(0, len(self) - 1 - pages)
        parts = (
            f"{pages} more {'page' if pages == 1 else 'pages'}" if pages else "",
            f"{others} more" if others else "",
        )
        return ", ".join(filter(None, parts))

    def add(self, notice: Notice) -> None:
        """Add a notice, replacing one with the same id."""
        self._open[notice.id] = notice

    def __contains__(self, id: str) -> bool:  # noqa: A002 - what it is called everywhere else
        return id in self._open

    def remove(self, id: str) -> bool:  # noqa: A002 - what it is called everywhere else
        """Remove a notice. Returns False where there is none with this id."""
        return self._open.pop(id, None) is not None

    def remove_about(self, ref: str) -> bool:
        """Remove every notice that names a ticket. Returns False where there is none."""
        about = [notice.id for notice in self._open.values() if notice.ref == ref]
        for each in about:
            del self._open[each]
        return bool(about)


def _urgency(notice: Notice) -> tuple[Rank, int, int]:
    return (notice.rank, notice.severity, -notice.sent_at)
