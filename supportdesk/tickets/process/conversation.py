"""Contact with the customer beside plain replies: calls about a ticket, and articles sent."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.tickets import remedies
from supportdesk.tickets.command import (
    EVERYBODY,
    ArgumentType,
    Decision,
    Refusal,
    TicketCommand,
    argument,
    either,
    rule_for,
)
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.events import ArticleLinked, Called, Replied, TicketEvent, WaitEnded
from supportdesk.tickets.process.assignment import claim_if_unowned
from supportdesk.tickets.process.resolution import (
    MESSAGE,
    TELEPHONE,
    WAYS_TO_TELL,
    stop_response_clock,
    why_no_response,
)
from supportdesk.tickets.process.triage import end_triage
from supportdesk.tickets.ticket import CUSTOMER, Stage


@dataclass(frozen=True, slots=True)
class RecordCall(TicketCommand):
    """Record that the customer rang about the ticket, and what you told them."""

    tag = "RecordCall"
    verb = "called"
    title = "Record this call"
    needs = EVERYBODY
    stages = frozenset(Stage) - {Stage.CLOSED}

    text: str = argument("what the customer says", of=ArgumentType.TEXT)
    told: str = argument(
        "what you told the caller; it is recorded as a reply", of=ArgumentType.TEXT, default=""
    )
    contact: str = argument("the caller, if not the ticket's contact", of=ArgumentType.CONTACT, default="")


@dataclass(frozen=True, slots=True)
class SendArticle(TicketCommand):
    """Send the customer an article: a reply that also links it."""

    tag = "SendArticle"
    verb = "send-article"
    title = "Send an article"
    needs = EVERYBODY
    stages = frozenset(Stage) - {Stage.CLOSED}

    article: str = argument("the article", of=ArgumentType.ARTICLE)
    text: str = argument("what goes with it", of=ArgumentType.TEXT, default="")
    by: str = argument("how you send it", choices=WAYS_TO_TELL, default=MESSAGE)


@rule_for(RecordCall)
def record_call(case: DecisionContext, command: RecordCall) -> Decision:
    """A call ends a hold for the customer (rule 6) and is no response; a reply by the severity's team is one (rule 3).

    It acknowledges no page and moves no ticket to another team (rule 17).
    """
    ticket = case.ticket
    if not command.text.strip():
        return Refusal("say what the customer said")
    contact = case.records.contacts.get(command.contact or ticket.contact)
    if contact is None or contact.organisation != ticket.organisation:
        return Refusal(
            f"{command.contact!r} is not a contact of that organisation", either(remedies.ADD_CONTACT)
        )
    told = bool(command.told.strip())
    events = _start_work_on_call(case) if told and ticket.is_open else []
    events.append(Called(contact.key, contact.name, command.text, stands=ticket.stage is Stage.RESOLVED))
    if ticket.waiting is not None and ticket.waiting.on == CUSTOMER:
        events.append(WaitEnded("the customer rang"))
    if told:
        events += [Replied(command.told, TELEPHONE, why_no_response(case)), *stop_response_clock(case)]
    return events


def _start_work_on_call(case: DecisionContext) -> list[TicketEvent]:
    """Return the first work that a reply on a call begins; no claim that moves the ticket or ends a page."""
    ticket, actor = case.ticket, case.actor
    claims = ticket.owner == actor.key or ticket.team == actor.team
    return claim_if_unowned(case) if claims and not ticket.page_open else end_triage(case)


@rule_for(SendArticle)
def send_article(case: DecisionContext, command: SendArticle) -> Decision:
    """An article that is already linked can be sent again."""
    article = case.records.articles.get(command.article)
    if article is None:
        return Refusal(f"there is no article {command.article!r}", either(remedies.ADD_ARTICLE))
    words = "\n\n".join(filter(None, (command.text.strip(), f"{article.key}: {article.title}")))
    linked = [] if article.key in case.ticket.articles else [ArticleLinked(article.key, article.title)]
    begun = claim_if_unowned(case, replying=True) if case.ticket.is_open else []
    replied = Replied(words, command.by, why_no_response(case))
    return [*begun, replied, *linked, *stop_response_clock(case)]
