"""Steps of a demo ticket's script, one function each."""

from __future__ import annotations

from datetime import datetime

from supportdesk.demo.script import Script
from supportdesk.tickets.documents import Release
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack
from supportdesk.tickets.process.closure import CONFIRMED, NO_ANSWER, WITHDRAWN, Close, Reopen
from supportdesk.tickets.process.escalation import FUNCTIONAL, HIERARCHICAL, Escalate
from supportdesk.tickets.process.resolution import (
    LinkArticle,
    PromiseFix,
    ProposeWorkaround,
    RecordContact,
    Reply,
    Resolve,
    Resume,
    Wait,
)
from supportdesk.tickets.process.severity import IMPACT_CHANGED, WRONG_AT_TRIAGE, ChangeSeverity
from supportdesk.tickets.process.triage import Acknowledge, Note

CALL_CHANNELS = ("hotline", "phone", "voicemail")
"""Channels on which the customer called."""

BY_TELEPHONE = ("critical", "high")
"""Severities for which the owner calls the customer."""


def acknowledge(script: Script, at: datetime) -> None:
    """The request is checked, or the page has reached somebody."""
    script.do(at, script.agent(), Acknowledge)


def offer(script: Script, at: datetime) -> None:
    """The owner is given the ticket and has yet to accept."""
    owner, note = script.owner, script.texts.say("rang about it before, {name} knows you")
    script.do(at, script.agent(), lambda ref: Assign(ref, owner=owner, note=note))


def claim(script: Script, at: datetime) -> None:
    """The owner takes the ticket."""
    script.do(at, script.owner, Claim)


def answer(script: Script, at: datetime) -> None:
    """The owner speaks to the customer for the first time."""
    _reply(script, at, script.texts.phrase("rang" if script.channel in CALL_CHANNELS else "wrote"))


def note(script: Script, at: datetime) -> None:
    """The owner writes down what was found."""
    text = script.texts.say(script.texts.story.finding)
    script.do(at, script.owner, lambda ref: Note(ref, text))


def progress(script: Script, at: datetime) -> None:
    """The owner tells the customer how far it is."""
    _reply(script, at, script.texts.say(script.texts.story.progress))


def chase(script: Script, at: datetime) -> None:
    """The owner asks the customer again."""
    _reply(script, at, script.texts.phrase("chasing"))


def _reply(script: Script, at: datetime, text: str) -> None:
    by = "telephone" if script.severity in BY_TELEPHONE and script.random.random() < 0.5 else "message"
    script.do(at, script.owner, lambda ref: Reply(ref, text, by))


def ask(script: Script, at: datetime) -> None:
    """The owner asks the customer something, and the ticket waits for the answer."""
    question = script.texts.say(script.texts.story.question)
    script.do(at, script.owner, lambda ref: Reply(ref, question))
    script.do(at, script.owner, lambda ref: Wait(ref, "customer", question))


def resume(script: Script, at: datetime) -> None:
    """The answer came."""
    reason = script.texts.phrase("came")
    script.do(at, script.owner, lambda ref: Resume(ref, reason))


def wait_for_supplier(script: Script, at: datetime) -> None:
    """Somebody else has to do something."""
    reason = script.texts.phrase("supplier")
    script.do(at, script.owner, lambda ref: Wait(ref, "third party", reason))


def wait_for_release(script: Script, at: datetime) -> None:
    """Nothing more can be done until the release."""
    script.do(at, script.owner, lambda ref: Wait(ref, "release", "the correction is in the build"))


def hand_back(script: Script, at: datetime) -> None:
    """The owner gives it back to the team."""
    reason = script.texts.phrase("handback")
    script.do(at, script.owner, lambda ref: HandBack(ref, reason))


def propose_workaround(script: Script, at: datetime) -> None:
    """The customer is given a way to go on."""
    text = script.texts.say(script.texts.story.workaround)
    script.do(at, script.owner, lambda ref: ProposeWorkaround(ref, text))


def promise(script: Script, at: datetime, release: Release) -> None:
    """A fix is promised in a release."""
    script.promised = release
    script.do(at, script.owner, lambda ref: PromiseFix(ref, release.key))


def link_article(script: Script, at: datetime) -> None:
    """An article answers it."""
    article = script.texts.story.article
    script.do(at, script.owner, lambda ref: LinkArticle(ref, article))


def record_contact(script: Script, at: datetime) -> None:
    """The account manager has spoken with the customer."""
    text = script.texts.say(script.texts.story.solution)
    script.do(at, script.owner, lambda ref: RecordContact(ref, text))


def to_next_line(script: Script, at: datetime) -> None:
    """It goes to the next line, where somebody else will own it."""
    reason = script.texts.say(script.texts.story.upward)
    script.do(at, script.owner, lambda ref: Escalate(ref, reason, FUNCTIONAL))


def to_manager(script: Script, at: datetime) -> None:
    """It goes up the ladder of people, who are paged."""
    reason = script.texts.phrase("managers")
    script.do(at, script.owner, lambda ref: Escalate(ref, reason, HIERARCHICAL))


def take_notice(script: Script, at: datetime) -> None:
    """The support manager, who was paged, acknowledges."""
    script.do(at, script.holder("support-manager"), Acknowledge)


def raise_severity(script: Script, at: datetime, severity: str) -> None:
    """The impact has changed."""
    reason = script.texts.phrase("worse")
    script.do(at, script.owner, lambda ref: ChangeSeverity(ref, severity, reason, IMPACT_CHANGED))


def correct(script: Script, at: datetime, severity: str, occasion: str) -> None:
    """The support manager sees that it was taken wrongly; `occasion` says which way."""
    reason = script.texts.phrase(occasion)
    script.do(
        at,
        script.holder("support-manager"),
        lambda ref: ChangeSeverity(ref, severity, reason, WRONG_AT_TRIAGE),
    )


def resolve(script: Script, at: datetime) -> None:
    """The promise is kept and the customer told."""
    text = script.texts.say(script.texts.story.solution)
    script.do(at, script.owner, lambda ref: Resolve(ref, text))


def reopen(script: Script, at: datetime) -> None:
    """The customer is not helped after all."""
    reason = script.texts.phrase("back")
    script.do(at, script.agent(), lambda ref: Reopen(ref, reason))


def confirm(script: Script, at: datetime) -> None:
    """The customer is content."""
    text = script.texts.phrase("confirmed")
    script.do(at, script.owner, lambda ref: Close(ref, CONFIRMED, text))


def close_unanswered(script: Script, at: datetime) -> None:
    """Nobody answered for five working days."""
    script.do(at, script.owner, lambda ref: Close(ref, NO_ANSWER))


def withdraw(script: Script, at: datetime) -> None:
    """The customer needs it no more."""
    text = script.texts.phrase("withdrawn")
    script.do(at, script.owner, lambda ref: Close(ref, WITHDRAWN, text))
