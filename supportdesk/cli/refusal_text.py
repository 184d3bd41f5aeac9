"""A refusal as the command line words it: what helps stands there with its command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportdesk.tickets.command import Refusal


def refusal_message(refusal: Refusal) -> str:
    """The reason, with the command beside each thing that helps: `reopen it (supportdesk reopen)`."""
    return refusal.told(lambda verb: f"supportdesk {verb}")
