"""People's names, shortened where there is little room, and listed."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from supportdesk.tickets.documents import Contact


def short_name(name: str) -> str:
    """Return `Priya N.` for `Priya Nair`, and a single name as it is."""
    first, *rest = name.split() or [""]
    return f"{first} {rest[-1][0]}." if rest else first


def fitting_name(name: str, width: int) -> str:
    """Return `Priya Nair`, `Priya N.` or `Priya`: the longest that fits into `width` cells, or else the last."""
    if cell_len(name) <= width:
        return name
    short = short_name(name)
    return short if cell_len(short) <= width else name.split(maxsplit=1)[0]


def super_users_text(super_users: Sequence[Contact]) -> str:
    """Return the super users of the caller's company as one line, each with a telephone number."""
    text = (" · ".join(filter(None, (each.name, each.telephone))) for each in super_users)
    return "; ".join(text) or "none recorded for this customer"
