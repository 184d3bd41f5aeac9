"""What is said about a ticket: replies, calls and articles sent to the customer, and internal notes.

Whether a message is the response is decided here, once, for every command that contacts the customer (rule 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from supportdesk.sla.clocks import ClockKind
from supportdesk.sla.mail_kind import MailKind
from supportdesk.tickets import remedies
from supportdesk.tickets.attached_file import FileContent, describe_file, find_fault
from supportdesk.tickets.command import (
    ANY_STAGE,
    EVERYBODY,
    LATER,
    ArgumentType,
    Decision,
    TicketCommand,
    argument,
    rule_for,
)
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.events import (
    ArticleLinked,
    Called,
    ClockStopped,
    Noted,
    Replied,
    ResponseConfirmed,
    TicketEvent,
    WaitEnded,
)
from supportdesk.tickets.outbox.customer_mail import BY_MAIL, find_obstacle, is_unwanted
from supportdesk.tickets.process.assignment import claim_if_unowned
from supportdesk.tickets.process.teams import team_names
from supportdesk.tickets.process.triage import end_triage
from supportdesk.tickets.promises import compute_verdict
from supportdesk.tickets.refusal import Refusal, either
from supportdesk.tickets.ticket import CUSTOMER, Stage

MESSAGE, TELEPHONE = WAYS_TO_TELL = ("message", "telephone")
"""The ways to contact the customer."""


@dataclass(frozen=True, slots=True)
class Reply(TicketCommand):
    """Write to the customer, or record what you told them by telephone."""

    tag = "Reply"
    verb = "reply"
    title = "Reply"
    needs = EVERYBODY
    stages = frozenset(Stage) - {Stage.CLOSED}

    text: str = argument("what you tell the customer", value_type=ArgumentType.TEXT)
    by: str = argument("how you tell the customer", choices=WAYS_TO_TELL, default=MESSAGE)
    attachments: tuple[FileContent, ...] = field(default=(), metadata={LATER: True})
    """Files that go with a mail. Each surface reads them in its own way."""


@dataclass(frozen=True, slots=True)
class RecordCall(TicketCommand):
    """Record that the customer rang about the ticket, and what you told them."""

    tag = "RecordCall"
    verb = "called"
    title = "Record this call"
    needs = EVERYBODY
    stages = frozenset(Stage) - {Stage.CLOSED}
    reads_customer = True

    text: str = argument("what the customer says", value_type=ArgumentType.TEXT)
    told: str = argument(
        "what you told the caller; it is recorded as a reply", value_type=ArgumentType.TEXT, default=""
    )
    contact: str = argument(
        "the caller, if not the ticket's contact", value_type=ArgumentType.CONTACT, default=""
    )


@dataclass(frozen=True, slots=True)
class SendArticle(TicketCommand):
    """Send the customer an article: a reply that also links it."""

    tag = "SendArticle"
    verb = "send-article"
    title = "Send an article"
    needs = EVERYBODY
    stages = frozenset(Stage) - {Stage.CLOSED}

    article: str = argument("the article to send", value_type=ArgumentType.ARTICLE)
    text: str = argument("what goes with it", value_type=ArgumentType.TEXT, default="")
    by: str = argument("how you send it", choices=WAYS_TO_TELL, default=MESSAGE)


@dataclass(frozen=True, slots=True)
class Note(TicketCommand):
    """Write an internal note; the customer does not see it."""

    tag = "Note"
    verb = "note"
    title = "Add a note"
    needs = EVERYBODY
    stages = ANY_STAGE

    text: str = argument("what your colleagues should know", value_type=ArgumentType.TEXT)


def counts_as_response(case: DecisionContext) -> bool:
    """Return whether a message of this actor, now, is the response that is due (rule 3)."""
    return case.ticket.response_verdict is None and _may_respond(case, case.actor.team)


def _may_respond(case: DecisionContext, team: str | None) -> bool:
    return team in case.policy.severity(case.ticket.severity).answered_by


def stop_response_clock(case: DecisionContext) -> list[TicketEvent]:
    """Return the end of the response clock; nothing where a message of this actor is not the response."""
    return record_response(case, case.actor.team)


def record_response(case: DecisionContext, team: str | None, mail: str = "") -> list[TicketEvent]:
    """Return what it means for the response clock that a team has told the customer something, now (rule 3).

    `mail` is the delivery that was accepted, if it was one. Where the response rests on a mail, which may come back,
    what the customer is told since counts then: everything is noted until something that cannot come back.
    """
    ticket = case.ticket
    if not _may_respond(case, team):
        return []
    if ticket.response_verdict is None:
        verdict = compute_verdict(case.policy, ticket, ClockKind.RESPONSE, case.now)
        return [ClockStopped(ClockKind.RESPONSE, verdict, mail)]
    if not ticket.response_mail or not all(each.mail for each in ticket.later_responses):
        return []
    running = replace(ticket, response_verdict=None)
    verdict = compute_verdict(case.policy, running, ClockKind.RESPONSE, case.now)
    return [ResponseConfirmed(verdict, mail)]


def why_no_response(case: DecisionContext) -> str:
    """Return why a message of this actor is not the response (rule 3); empty where it is, or is not due any more."""
    if case.ticket.response_verdict is not None or counts_as_response(case):
        return ""
    severity = case.policy.severity(case.ticket.severity)
    return f"{team_names(case, severity.answered_by)} responds to a {severity.name}"


def find_way(case: DecisionContext, by: str) -> str | Refusal:
    """Return how a message goes to the customer that is given by one of `WAYS_TO_TELL`, or why it cannot.

    Where the policy has replies mailed, a message goes by mail; elsewhere, the person who gives it has written it.
    """
    if by != MESSAGE or MailKind.REPLY not in case.policy.mails:
        return by
    contact = case.records.contacts.get(case.ticket.contact)
    organisation = case.records.organisations.get(case.ticket.organisation)
    obstacle = find_obstacle(MailKind.REPLY, contact, organisation)
    if not obstacle:
        return BY_MAIL
    name = contact.name if contact is not None else case.ticket.contact
    wants_none = is_unwanted(MailKind.REPLY, contact, organisation)
    lacks_address = contact is not None and not contact.is_erased and not wants_none
    ways = (remedies.TELL_BY_TELEPHONE, *([remedies.GIVE_ADDRESS] if lacks_address else []))
    return Refusal(f"{name} {obstacle}", either(*ways))


def reply_to_customer(
    case: DecisionContext, text: str, way: str, files: Sequence[FileContent] = ()
) -> list[TicketEvent]:
    """Return that the customer is told something. What goes by mail is the response once that is accepted (rule 3)."""
    replied = Replied(text, way, why_no_response(case), tuple(map(describe_file, files)))
    return [replied] if way == BY_MAIL else [replied, *stop_response_clock(case)]


@rule_for(Reply)
def reply(case: DecisionContext, command: Reply) -> Decision:
    """Send a message to the customer; from the severity's team it is the response (rule 3)."""
    if not command.text.strip():
        return Refusal("the reply is empty; write what you tell the customer")
    way = find_way(case, command.by)
    if isinstance(way, Refusal):
        return way
    if command.attachments and (refusal := _refuse_attachments(command, way)) is not None:
        return refusal
    begun = claim_if_unowned(case, replying=True) if case.ticket.is_open else []
    return [*begun, *reply_to_customer(case, command.text, way, command.attachments)]


def _refuse_attachments(command: Reply, way: str) -> Refusal | None:
    if way == TELEPHONE:
        return Refusal("a reply by telephone has no attachments; send it as a message, or take them out")
    if way != BY_MAIL:
        return Refusal(
            "the policy has no replies mailed, so that nothing would send the attachments; take them out"
        )
    fault = find_fault(command.attachments)
    return Refusal(fault) if fault else None


@rule_for(RecordCall)
def record_call(case: DecisionContext, command: RecordCall) -> Decision:
    """A call ends a hold for the customer (rule 6) and is no response; a reply by the severity's team is one (rule 3).

    It acknowledges no page and moves no ticket to another team (rule 17).
    """
    ticket = case.ticket
    if not command.text.strip():
        return Refusal("say what the customer said")
    contact = find_customers_contact(case, command.contact)
    if isinstance(contact, Refusal):
        return contact
    told = bool(command.told.strip())
    events = _start_work_on_call(case) if told and ticket.is_open else []
    events.append(Called(contact.key, contact.name, command.text, stands=ticket.stage is Stage.RESOLVED))
    if ticket.waiting is not None and ticket.waiting.on == CUSTOMER:
        events.append(WaitEnded("the customer rang"))
    if told:
        events += reply_to_customer(case, command.told, TELEPHONE)
    return events


def find_customers_contact(case: DecisionContext, key: str) -> Contact | Refusal:
    """Return the contact of the ticket's customer with a key, the ticket's own for an empty one; or why not."""
    contact = case.records.contacts.get(key or case.ticket.contact)
    if contact is None or contact.organisation != case.ticket.organisation:
        return Refusal(f"{key!r} is not a contact of that organisation", either(remedies.ADD_CONTACT))
    return contact


def _start_work_on_call(case: DecisionContext) -> list[TicketEvent]:
    """Return the first work that a reply on a call begins; no claim that moves the ticket or ends a page."""
    ticket, actor = case.ticket, case.actor
    claims = ticket.owner == actor.key or ticket.team == actor.team
    return claim_if_unowned(case) if claims and not ticket.page_open else end_triage(case)


@rule_for(SendArticle)
def send_article(case: DecisionContext, command: SendArticle) -> Decision:
    """An article that is already linked can be sent again. What is mailed of it is what it says now."""
    article = case.records.articles.get(command.article)
    if article is None:
        return Refusal(f"there is no article {command.article!r}", either(remedies.ADD_ARTICLE))
    words = "\n\n".join(filter(None, (command.text.strip(), f"{article.key}: {article.title}")))
    linked = [] if article.key in case.ticket.articles else [ArticleLinked(article.key, article.title)]
    way = find_way(case, command.by)
    if isinstance(way, Refusal):
        return way
    begun = claim_if_unowned(case, replying=True) if case.ticket.is_open else []
    replied, *stopped = reply_to_customer(case, words, way)
    assert isinstance(replied, Replied)
    if way == BY_MAIL:
        replied = replace(
            replied, article=article.key, article_title=article.title, article_text=article.text
        )
    else:
        replied = replace(replied, article=article.key)
    return [*begun, replied, *linked, *stopped]


@rule_for(Note)
def note(case: DecisionContext, command: Note) -> Decision:
    """A note is never a response (rule 3)."""
    return (
        [Noted(command.text)] if command.text.strip() else Refusal("the note is empty; write something first")
    )
