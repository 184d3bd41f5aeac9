"""What the panels of the board draw, and the names that stand in it."""

from __future__ import annotations

import msgspec

from supportdesk.console.terminal.symbols import NARROW, PLAIN, Symbols, role_symbol
from supportdesk.reports.board import Board
from supportdesk.sla.formatting import MONTHS
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import Roster

NOBODY = "Unassigned"


class BoardContext(msgspec.Struct, frozen=True):
    """A board with what is known around it.

    `plain` says that the terminal has no block characters, `colourless` that it shows no colours: bad values then carry
    a sign, and the parts of a bar are drawn with signs.
    """

    board: Board
    policy: Policy
    roster: Roster
    plain: bool = False
    colourless: bool = False

    @property
    def signs(self) -> Symbols | None:
        """The signs with which bars are drawn; None where they are drawn with blocks in colours."""
        if self.plain:
            return PLAIN
        return NARROW if self.colourless else None

    def sign(self, role: str) -> str:
        """The sign before a value of a role where there are no colours; empty for one that is not bad."""
        return role_symbol(PLAIN if self.plain else NARROW, role) if self.colourless else ""

    @property
    def month(self) -> str:
        """`November`."""
        return MONTHS[self.board.month.month.first.month - 1]

    def person(self, username: str) -> str:
        """The name of a member of staff; the username of one that is not known."""
        known = (each.name for each in self.roster.staff if each.username == username)
        return next(known, username) if username else NOBODY

    def team(self, key: str) -> str:
        """The name of a team; the key of one that the policy no longer has."""
        return next((team.name for team in self.policy.teams if team.key == key), key)
