"""Completes a logged request: its article is sent, it is linked, and its reference is read back."""

from __future__ import annotations

import asyncio

from supportdesk.console.calls.read_back import ReadBackScreen
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.search.candidate import Candidate
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.store.read_models import QueueRow, TicketView
from supportdesk.tickets.process.conversation import SendArticle
from supportdesk.tickets.process.linking import LinkTicket
from supportdesk.tickets.refusal import Refusal


def question_before_second_ticket(same: QueueRow) -> Confirm:
    """Return the question before a request is logged that has the caller and the summary of an open ticket."""
    owner = f"owner: {same.owner_name}" if same.owner_name else "unassigned"
    return Confirm(
        "Log a second ticket?",
        f"{same.ref} from the same caller has the same summary and is open ({owner}). Cancel and pick it below the "
        "summary to record this there.",
        "Log it anyway",
    )


async def complete_logged_request(
    context: CommandContext, ref: str, *, article: Candidate | None, linked: str | None
) -> ReadBackScreen:
    """Send the article and link the ticket of another customer, where given; return the read-back to show."""
    sent, unsent = await _send_article(context, ref, article)
    if linked is not None:
        await context.submit(LinkTicket(ref, linked))
    return ReadBackScreen(context, ref, await _read(context, ref), article=sent, unsent=unsent)


async def _read(context: CommandContext, ref: str) -> TicketView | Refusal:
    """Return the ticket as the desk has it now, or why it cannot be read."""
    try:
        return await asyncio.to_thread(context.desk.ticket, ref)
    except DeskUnavailableError as error:
        return Refusal(str(error))


async def _send_article(context: CommandContext, ref: str, article: Candidate | None) -> tuple[str, str]:
    """Send an article; return its title, and separately the title with the reason if it was refused."""
    if article is None:
        return "", ""
    outcome = await context.submit(SendArticle(ref, article.key))
    title = f"{article.key} {article.name}"
    if isinstance(outcome, Refusal):
        return "", f"{title}: {context.refusal_text(outcome)}"
    return title, ""
