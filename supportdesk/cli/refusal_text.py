"""The wording of a refusal on the command line, with the commands that help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.tickets.remedies import CONFIRM_GAP, CONFIRM_LEAVING, CONFIRM_UNREACHABLE

if TYPE_CHECKING:
    from supportdesk.tickets.refusal import Refusal


def refusal_message(refusal: Refusal) -> str:
    """Return the reason with the command beside each way out: `reopen it (supportdesk reopen)`."""
    text = refusal.render(lambda verb: f"supportdesk {verb}")
    options = (
        (CONFIRM_GAP, "--despite-gap"),
        (CONFIRM_LEAVING, "--confirm"),
        (CONFIRM_UNREACHABLE, "--confirm"),
    )
    return next((f"{text}: add {option}" for each, option in options if (each,) in refusal.remedies), text)
