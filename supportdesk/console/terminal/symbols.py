"""The symbols that show states without colour: narrow Unicode, and ASCII for terminals without it."""

from __future__ import annotations

import os
import sys

import msgspec

from supportdesk.sla.clocks import State

PLAIN_TERMINALS = frozenset({"linux", "vt100", "vt102", "vt220", "dumb"})


class Symbols(msgspec.Struct, frozen=True):
    """One narrow character for each thing that is shown by a symbol."""

    breached: str = "✖"
    at_risk: str = "▲"
    due_soon: str = "△"
    ok: str = "·"
    paused: str = "‖"
    met: str = "✓"
    missed: str = "✗"
    cursor: str = "▌"
    open: str = "▾"
    folded: str = "▸"
    full: str = "━"
    empty: str = "─"
    line: str = "│"
    ellipsis: str = "…"
    dash: str = "–"
    chosen: str = "●"
    other: str = "○"
    marked: str = "▸"
    before: str = "‹"
    after: str = "›"
    call: str = "☏"
    raised: str = "↑"
    refused: str = "✗"

    def of(self, state: State) -> str:
        """Return the symbol of a clock's state; that of `ok` for a state without its own."""
        symbol: str = getattr(self, _OF_STATE.get(state, "ok"))
        return symbol


_OF_STATE = {
    State.BREACHED: "breached",
    State.AT_RISK: "at_risk",
    State.DUE_SOON: "due_soon",
    State.PAUSED: "paused",
    State.MET: "met",
    State.MISSED: "missed",
}


_OF_STYLE = {"breached": "breached", "at-risk": "at_risk", "due-soon": "due_soon", "waits": "paused"}


def symbol_of_style(signs: Symbols, style_name: str) -> str:
    """Return the symbol for what the colour of a style says; empty for a style of a neutral colour."""
    symbol: str = getattr(signs, _OF_STYLE[style_name]) if style_name in _OF_STYLE else ""
    return symbol


NARROW = Symbols()
PLAIN = Symbols(
    breached="X",
    at_risk="!",
    due_soon="^",
    ok=".",
    paused="=",
    met="+",
    missed="x",
    cursor=">",
    open="v",
    folded=">",
    full="#",
    empty=".",
    line="|",
    ellipsis="~",
    dash="-",
    chosen="*",
    other="o",
    marked=">",
    before="<",
    after=">",
    call="*",
    raised="^",
    refused="x",
)


def symbols_for(term: str, encoding: str) -> Symbols:
    """Return the symbols that a terminal can show, by its TERM and encoding."""
    return NARROW if "utf" in encoding.casefold() and term not in PLAIN_TERMINALS else PLAIN


def terminal_symbols() -> Symbols:
    """Return the symbols for the terminal that the console runs in."""
    return symbols_for(os.environ.get("TERM", ""), getattr(sys.__stdout__, "encoding", None) or "ascii")
