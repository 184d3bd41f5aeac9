"""The data that the panels of the board draw, with the names of people, teams and the month."""

from __future__ import annotations

import msgspec

from supportdesk.console.terminal.symbols import NARROW, PLAIN, Symbols, symbol_of_style
from supportdesk.reports.board import Board
from supportdesk.sla.formatting import MONTHS
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import Roster

UNASSIGNED = "Unassigned"


class BoardContext(msgspec.Struct, frozen=True):
    """A board with its policy and roster, and what the terminal can show.

    `plain`: the terminal has no block characters. `colourless`: it shows no colours, so that bad values have a symbol
    before them and the parts of a bar are drawn with symbols.
    """

    board: Board
    policy: Policy
    roster: Roster
    plain: bool = False
    colourless: bool = False

    @property
    def symbols(self) -> Symbols | None:
        """The symbols with which bars are drawn; None where they are drawn as coloured blocks."""
        if self.plain:
            return PLAIN
        return NARROW if self.colourless else None

    def symbol(self, style_name: str) -> str:
        """Return the symbol before a value in a style; empty for a neutral style, and where there are colours."""
        return symbol_of_style(PLAIN if self.plain else NARROW, style_name) if self.colourless else ""

    @property
    def month(self) -> str:
        """The name of the month in English, without the year: `November`."""
        return MONTHS[self.board.month.month.first.month - 1]

    def person(self, username: str) -> str:
        """Return the name of a member of staff: the username if unknown, `Unassigned` for an empty one."""
        known = (each.name for each in self.roster.staff if each.username == username)
        return next(known, username) if username else UNASSIGNED

    def team(self, key: str) -> str:
        """Return the name of a team; its key if the policy no longer has it."""
        return next((team.name for team in self.policy.teams if team.key == key), key)
