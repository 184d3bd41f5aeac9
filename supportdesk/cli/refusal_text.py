"""The wording of a refusal on the command line, with the commands that help."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportdesk.tickets.refusal import Refusal


def refusal_message(refusal: Refusal) -> str:
    """Return the reason with the command beside each way out: `reopen it (supportdesk reopen)`."""
    return refusal.render(lambda verb: f"supportdesk {verb}")
