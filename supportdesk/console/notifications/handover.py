"""The notice of an open handover of a shift, for the operator who is to take over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.widgets.notice import Notice, Rank
from supportdesk.tickets.rota.data import name_of

if TYPE_CHECKING:
    from supportdesk.console.session import Session

HANDOVER = "handover of a shift"
"""The id of the notice: there is one, about the latest handover."""


def handover_notice(session: Session) -> Notice | None:
    """Return the notice of the latest handover that the operator is asked to accept; None without one.

    One that everybody may accept is a notice for the person on call.
    """
    if session.read_only_reason is not None:
        return None
    data, me = session.roster.reference_data, session.username
    on_call = session.roster.duty.on_call
    on_duty = on_call is not None and on_call.username == me
    for each in reversed(data.handovers):
        concerned = each.asked == me or (each.asked is None and on_duty)
        if each.is_open and each.given_by != me and concerned:
            note = " ".join(each.note.split())
            text = f"{name_of(data, each.given_by)} hands the shift over to you: {note}"
            return Notice(HANDOVER, text, Rank.OFFER, verb="shift", action="read it")
    return None
