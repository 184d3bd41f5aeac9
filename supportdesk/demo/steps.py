"""The steps of a demo ticket's script, one function each."""

from __future__ import annotations

from datetime import datetime

from supportdesk.demo.script import TicketScript
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.documents import Release
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack
from supportdesk.tickets.process.closure import CONFIRMED, WITHDRAWN, Close, Reopen
from supportdesk.tickets.process.conversation import Note, Reply
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.escalation import FUNCTIONAL, HIERARCHICAL, Escalate
from supportdesk.tickets.process.resolution import (
    LinkArticle,
    PromiseFix,
    ProposeWorkaround,
    RecordContact,
    Resolve,
    Wait,
)
from supportdesk.tickets.process.severity import IMPACT_CHANGED, WRONG_AT_TRIAGE, ChangeSeverity
from supportdesk.tickets.process.triage import Acknowledge

CALL_CHANNELS = ("hotline", "phone", "voicemail")
"""Channels by which the customer called."""

BY_TELEPHONE = ("critical", "high")
"""Severities for which the owner calls the customer."""


def acknowledge(script: TicketScript, at: datetime) -> None:
    """Acknowledge the request, or the page."""
    script.do(at, script.agent(), Acknowledge)


def extend_acknowledgement(script: TicketScript, at: datetime, place: int) -> None:
    """Let the engineer on call extend the acknowledgement of the page; `place` chooses the reason."""
    reasons = script.texts.phrases["longer"]
    script.do(at, script.agent(), lambda ref: Acknowledge(ref, reason=reasons[place % len(reasons)]))


def offer(script: TicketScript, at: datetime) -> None:
    """Assign the ticket to the owner, who has yet to accept it."""
    owner, note = script.owner, script.texts.say("{name} rang about this before and knows you")
    script.do(at, script.agent(), lambda ref: Assign(ref, owner=owner, note=note))


def claim(script: TicketScript, at: datetime) -> None:
    """Let the owner claim the ticket."""
    script.do(at, script.owner, Claim)


def answer(script: TicketScript, at: datetime) -> None:
    """Let the owner contact the customer for the first time."""
    _reply(script, at, script.texts.phrase("rang" if script.channel in CALL_CHANNELS else "wrote"))


def note(script: TicketScript, at: datetime) -> None:
    """Let the owner note what was found."""
    text = script.texts.say(script.texts.story.finding)
    script.do(at, script.owner, lambda ref: Note(ref, text))


def progress(script: TicketScript, at: datetime) -> None:
    """Let the owner inform the customer of the progress."""
    _reply(script, at, script.texts.say(script.texts.story.progress))


def chase(script: TicketScript, at: datetime) -> None:
    """Let the owner ask the customer again."""
    _reply(script, at, script.texts.phrase("chasing"))


def _reply(script: TicketScript, at: datetime, text: str) -> None:
    by = "telephone" if script.severity in BY_TELEPHONE and script.random.random() < 0.5 else "message"
    script.do(at, script.owner, lambda ref: Reply(ref, text, by))


def ask(script: TicketScript, at: datetime) -> None:
    """Let the owner ask the customer something, and put the ticket on hold."""
    question = script.texts.say(script.texts.story.question)
    script.do(at, script.owner, lambda ref: Reply(ref, question))
    script.do(at, script.owner, lambda ref: Wait(ref, "customer", question))


def receive_answer(script: TicketScript, at: datetime) -> None:
    """Let the customer write the answer, which takes the ticket off hold."""
    text = script.texts.phrase("came")
    script.do(at, INTAKE.key, lambda ref: AddCustomerMessage(ref, text))


def wait_for_supplier(script: TicketScript, at: datetime) -> None:
    """Put the ticket on hold for a third party."""
    reason = script.texts.phrase("supplier")
    script.do(at, script.owner, lambda ref: Wait(ref, "third party", reason))


def wait_for_release(script: TicketScript, at: datetime) -> None:
    """Put the ticket on hold for the release."""
    script.do(at, script.owner, lambda ref: Wait(ref, "release", "the correction is in the build"))


def hand_back(script: TicketScript, at: datetime) -> None:
    """Let the owner hand the ticket back to the team."""
    reason = script.texts.phrase("handback")
    script.do(at, script.owner, lambda ref: HandBack(ref, reason))


def propose_workaround(script: TicketScript, at: datetime) -> None:
    """Give the customer a workaround."""
    text = script.texts.say(script.texts.story.workaround)
    script.do(at, script.owner, lambda ref: ProposeWorkaround(ref, text))


def promise(script: TicketScript, at: datetime, release: Release) -> None:
    """Promise a fix in a release."""
    script.promised = release
    script.do(at, script.owner, lambda ref: PromiseFix(ref, release.key))


def link_article(script: TicketScript, at: datetime) -> None:
    """Link the article that answers the ticket."""
    article = script.texts.story.article
    script.do(at, script.owner, lambda ref: LinkArticle(ref, article))


def record_contact(script: TicketScript, at: datetime) -> None:
    """Record the account manager's contact with the customer."""
    text = script.texts.say(script.texts.story.solution)
    script.do(at, script.owner, lambda ref: RecordContact(ref, text))


def to_next_line(script: TicketScript, at: datetime) -> None:
    """Escalate the ticket to the next line, where somebody else will own it."""
    reason = script.texts.say(script.texts.story.upward)
    script.do(at, script.owner, lambda ref: Escalate(ref, reason, FUNCTIONAL))


def to_manager(script: TicketScript, at: datetime) -> None:
    """Escalate the ticket up the ladder; the next manager is paged."""
    reason = script.texts.phrase("managers")
    script.do(at, script.owner, lambda ref: Escalate(ref, reason, HIERARCHICAL))


def acknowledge_as_manager(script: TicketScript, at: datetime) -> None:
    """Let the support manager acknowledge the page."""
    script.do(at, script.holder("support-manager"), Acknowledge)


def raise_severity(script: TicketScript, at: datetime, severity: str) -> None:
    """Raise the severity, as the impact has changed."""
    reason = script.texts.phrase("worse")
    script.do(at, script.owner, lambda ref: ChangeSeverity(ref, severity, reason, IMPACT_CHANGED))


def correct(script: TicketScript, at: datetime, severity: str, occasion: str) -> None:
    """Let the support manager correct a severity that was wrong at triage; `occasion` chooses the reason."""
    reason = script.texts.phrase(occasion)
    script.do(
        at,
        script.holder("support-manager"),
        lambda ref: ChangeSeverity(ref, severity, reason, WRONG_AT_TRIAGE),
    )


def resolve(script: TicketScript, at: datetime) -> None:
    """Resolve the ticket and inform the customer."""
    text = script.texts.say(script.texts.story.solution)
    script.do(at, script.owner, lambda ref: Resolve(ref, text))


def reopen(script: TicketScript, at: datetime) -> None:
    """Reopen the ticket, as the problem has returned."""
    reason = script.texts.phrase("back")
    script.do(at, script.agent(), lambda ref: Reopen(ref, reason))


def confirm(script: TicketScript, at: datetime) -> None:
    """Close the ticket on the customer's confirmation."""
    text = script.texts.phrase("confirmed")
    script.do(at, script.owner, lambda ref: Close(ref, CONFIRMED, text))


def withdraw(script: TicketScript, at: datetime) -> None:
    """Close the ticket, as the customer has withdrawn the request."""
    text = script.texts.phrase("withdrawn")
    script.do(at, script.owner, lambda ref: Close(ref, WITHDRAWN, text))
