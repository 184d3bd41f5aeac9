"""What a command on a ticket makes of a message that waits, for the commands on mail and on voicemail."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.refusal_text import refusal_message
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskApi
    from supportdesk.tickets.incoming_message import IncomingMessage
    from supportdesk.tickets.process.customer_message import AddCustomerMessage
    from supportdesk.tickets.process.triage import Log


def settle_message(
    desk: DeskApi, message: IncomingMessage, command: Log | AddCustomerMessage, *, by: str
) -> str:
    """Give a command on a ticket and settle the message, both or none; return the reference of the ticket.

    Raises BadRequestError where it is refused.
    """
    from supportdesk.intake.settlement import settle_on_ticket

    settled = settle_on_ticket(desk, message, command, by=by, command_id=uuid4().hex)
    if isinstance(settled, Refusal):
        raise BadRequestError(refusal_message(settled))
    assert settled.ref is not None
    return settled.ref
