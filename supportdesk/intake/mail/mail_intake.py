"""Takes in messages: each is assessed, and its ticket and its record are written in one transaction.

The ids of the commands follow from the message. So an intake that was killed repeats nothing, and a message may be
given to it as often as its mailbox likes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Protocol

from msgspec import Struct, structs

from supportdesk.desk_api import Applied, Commands, Transaction
from supportdesk.intake.mail.assessment import (
    Assessment,
    BouncedMail,
    KnownParties,
    NewRequest,
    Settled,
    TicketMessage,
    assess,
)
from supportdesk.intake.mail.mailbox import Delivery, Mailbox, find_mailbox_fault, find_request_fault
from supportdesk.intake.mail.parsing.headers import LINE
from supportdesk.intake.mail.parsing.message import MailMessage, UnreadableMail
from supportdesk.intake.mail.parsing.parser import parse_mail
from supportdesk.intake.mail.parsing.quotes import split_quoted
from supportdesk.intake.mail.request_text import describe_request, make_summary
from supportdesk.intake.mail.voicemail_mail import read_voicemails
from supportdesk.intake.voicemail.voicemail_intake import (
    CallerQueries,
    Carrier,
    TakenIn,
    VoicemailIntake,
    VoicemailRefusedError,
    VoicemailSource,
)
from supportdesk.tickets.actors import INTAKE, ContactActor
from supportdesk.tickets.command import LINE_LIMIT, Command
from supportdesk.tickets.incoming_message import (
    ERASED_BEFORE,
    IncomingMessage,
    MessageState,
    compute_key_digest,
    find_same,
)
from supportdesk.tickets.plain_text import clean_line
from supportdesk.tickets.process.closure import takes_new_ticket
from supportdesk.tickets.process.customer_message import EMAIL, AddCustomerMessage
from supportdesk.tickets.process.linking import LinkTicket
from supportdesk.tickets.process.sending import RecordBounce
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.incoming_commands import AccountMessage
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.severity_words import find_severity

_TRIES = 3
_KEY = 8
"""How many digits of its key the event of a customer's message has: the others on its ticket have other ones."""


class Desk(Commands, CallerQueries, KnownParties, Protocol):
    """What the intake needs of a desk."""


class IntakeRefusedError(Exception):
    """The desk does not let the intake account for a message; the text says why."""


class Accounted(Struct, frozen=True):
    """A message that is accounted for: its state, why, and its ticket. `repeated` where that was done before."""

    state: MessageState
    reason: str = ""
    ref: str | None = None
    repeated: bool = False


class _NotAccountedError(Exception):
    """The record was refused, so that nothing of the message is written."""


class MailIntake:
    """Accounts for the messages of one mailbox."""

    def __init__(self, desk: Desk, mailbox: Mailbox) -> None:
        self._desk = desk
        self._mailbox = mailbox

    def find_fault(self) -> str | None:
        """Return why nothing can be taken in from the mailbox at present, and what to do; None where it can."""
        return find_mailbox_fault(self._mailbox, self._desk.policy_at(self._desk.now()))

    def take_in(self, delivery: Delivery) -> Accounted:
        """Account for a message, and return what became of it.

        Raises DeskUnavailableError and IntakeRefusedError, and then nothing was written.
        """
        if (fault := self.find_fault()) is not None:
            raise IntakeRefusedError(fault)
        mail = parse_mail(delivery.content, own_hosts=self._mailbox.hosts, now=self._desk.now())
        if self._mailbox.has_voicemail and isinstance(mail, MailMessage):
            voicemail = self._take_in_voicemail(delivery, mail)
            if voicemail is not None:
                return voicemail
        record = self._make_record(delivery, mail)
        why = ""
        for _ in range(_TRIES):
            known = self._find_known(record)
            if known is not None:
                return known
            try:
                written = self._desk.transaction(self._writer(delivery, record, mail, self._assess(mail)))
            except _NotAccountedError as error:
                # Perhaps another intake has recorded it since this one looked.
                why = str(error)
                continue
            if isinstance(written, Refusal):
                raise IntakeRefusedError(written.reason)
            return written
        raise IntakeRefusedError(why)

    def _take_in_voicemail(self, delivery: Delivery, mail: MailMessage) -> Accounted | None:
        """Account for each recording in a message as a voicemail that keeps the whole message; None without any."""
        now = self._desk.now()
        zone = self._desk.policy_at(now).timezone
        recordings = read_voicemails(mail, delivery.content, zone)
        if not recordings:
            return None
        intake = VoicemailIntake(self._desk, VoicemailSource(self._mailbox.name, self._mailbox.kind, zone))
        carrier = Carrier(delivery.content, mail.identity.message_id)
        at = mail.received_at or delivery.delivered_at or now
        try:
            # Where this ends between two, the mail is given again, and the first one is known then.
            taken = [
                intake.record(recording, details, delivery.identity, at, carrier=carrier)
                for recording, details in recordings
            ]
        except VoicemailRefusedError as error:
            raise IntakeRefusedError(str(error)) from error
        return _summarise(taken)

    def _find_known(self, record: IncomingMessage) -> Accounted | None:
        """Return what became of this very message earlier; None for one that was not recorded yet.

        One of which the content was erased with a contact is known by its digest, of which the Message-ID is a part,
        wherever it comes from now. Recording it as a duplicate would bring back what was erased.
        """
        found = self._desk.find_incoming(content_digest=record.content_digest)
        known = find_same(found, record)
        if known is not None:
            return Accounted(known.state, known.reason, known.ref, repeated=True)
        erased = next((each for each in found if each.is_erased and each.voicemail is None), None)
        if erased is None:
            return None
        return Accounted(erased.state, ERASED_BEFORE, erased.ref, repeated=True)

    def _assess(self, mail: MailMessage | UnreadableMail) -> Assessment:
        if isinstance(mail, UnreadableMail):
            return Settled(MessageState.SET_ASIDE, mail.reason)
        return assess(mail, self._mailbox, self._desk)

    def _make_record(self, delivery: Delivery, mail: MailMessage | UnreadableMail) -> IncomingMessage:
        """Return what is known of a message before its state."""
        now, digest = self._desk.now(), hashlib.sha256(delivery.content).hexdigest()
        received_at = min(delivery.delivered_at or now, now).replace(microsecond=0)
        record = IncomingMessage(
            key="",
            source=self._mailbox.name,
            source_kind=self._mailbox.kind,
            identity=_make_storable(delivery.identity),
            state=MessageState.SET_ASIDE,
            received_at=received_at,
            content_digest=digest,
            original=digest,
        )
        if isinstance(mail, UnreadableMail):
            return record
        return structs.replace(
            record,
            received_at=mail.received_at or received_at,
            message_id=mail.identity.message_id,
            content_digest=mail.identity.content_digest,
            sender_address=mail.sender.address if mail.sender else "",
            sender_name=mail.sender.name if mail.sender else "",
            subject=clean_line(mail.subject, LINE).text,
        )

    def _writer(
        self,
        delivery: Delivery,
        record: IncomingMessage,
        mail: MailMessage | UnreadableMail,
        assessment: Assessment,
    ) -> Callable[[Transaction], Accounted]:
        begin = f"mail {_digest(self._mailbox.name, delivery)}"

        def write(transaction: Transaction) -> Accounted:
            def do(command: Command, by: str, what: str) -> Applied | Refusal:
                return transaction(command, by=by, command_id=f"{begin} {what}".strip())

            settled = self._put_on_ticket(do, record, mail, assessment)
            accounted = do(AccountMessage(settled, delivery.content), INTAKE.key, "")
            if isinstance(accounted, Refusal):
                raise _NotAccountedError(accounted.reason)
            return Accounted(settled.state, settled.reason, settled.ref, accounted.repeated)

        return write

    def _put_on_ticket(
        self,
        do: Callable[[Command, str, str], Applied | Refusal],
        record: IncomingMessage,
        mail: MailMessage | UnreadableMail,
        assessment: Assessment,
    ) -> IncomingMessage:
        """Return the record with its state, after the commands that put the message on a ticket."""
        if isinstance(assessment, Settled):
            return structs.replace(
                record, state=assessment.state, reason=assessment.reason, contact=assessment.contact
            )
        if isinstance(assessment, BouncedMail):
            return self._put_bounce(do, record, assessment)
        assert isinstance(mail, MailMessage)
        record = structs.replace(record, contact=assessment.contact.key)
        following = None
        if isinstance(assessment, TicketMessage):
            done = do(
                self._message(record, mail, assessment), ContactActor(assessment.contact).key, "message"
            )
            if isinstance(done, Applied):
                return structs.replace(record, state=MessageState.MESSAGE, ref=assessment.ref)
            if not takes_new_ticket(done):
                return _quarantine(record, f"{assessment.ref} cannot take it: {done.reason}.")
            following, assessment = assessment.ref, assessment.request
        # The policy of the day on which it arrived may be an earlier one.
        fault = find_request_fault(self._mailbox, self._desk.policy_at(record.received_at))
        if fault is not None:
            return _quarantine(record, f"No ticket could be logged: {fault}.")
        logged = do(self._log(record, mail, assessment), INTAKE.key, "ticket")
        if isinstance(logged, Refusal) or logged.ref is None:
            return _quarantine(record, f"No ticket could be logged: {_reason(logged)}.")
        if following is not None:
            do(LinkTicket(logged.ref, following), INTAKE.key, "link")
        return structs.replace(record, state=MessageState.TICKET, ref=logged.ref)

    @staticmethod
    def _put_bounce(
        do: Callable[[Command, str, str], Applied | Refusal], record: IncomingMessage, bounced: BouncedMail
    ) -> IncomingMessage:
        """Record a bounce on the ticket of the mail that came back; one that the ticket does not take is only kept."""
        settled, sent = bounced.settled, bounced.sent
        done = do(RecordBounce(sent.id, clean_line(bounced.reason, LINE_LIMIT).text), INTAKE.key, "bounce")
        on_ticket = {} if isinstance(done, Refusal) else {"ref": sent.ref, "contact": sent.contact}
        return structs.replace(record, state=settled.state, reason=settled.reason, **on_ticket)

    def _message(self, record: IncomingMessage, mail: MailMessage, message: TicketMessage) -> Command:
        return AddCustomerMessage(
            message.ref,
            text=describe_request(message.request, mail, compute_key_digest(record)[:_KEY]),
            contact=message.contact.key,
            channel=EMAIL,
            mail=compute_key_digest(record)[:_KEY],
        )

    def _log(self, record: IncomingMessage, mail: MailMessage, request: NewRequest) -> Command:
        policy = self._desk.policy_at(record.received_at)
        # What somebody else wrote earlier says nothing of how severe this is.
        own = "\n".join(split_quoted(request.text).visible)
        severity = find_severity(policy, self._mailbox.channel, (request.subject, own))
        return Log(
            severity=severity.key,
            channel=self._mailbox.channel,
            organisation=request.contact.organisation,
            contact=request.contact.key,
            summary=make_summary(request),
            description=describe_request(request, mail, compute_key_digest(record)[:_KEY]),
            received_at=record.received_at,
            # Who is paged answers it.
            team="" if policy.severity(severity.key).pages else self._mailbox.team,
        )


def _summarise(taken: list[TakenIn]) -> Accounted:
    """Return what became of the recordings of one message: the state of the first, and how many others there are."""
    first = taken[0]
    others = ", ".join(str(each.state) for each in taken[1:])
    reason = f"It has {len(taken)} recordings; the others: {others}." if others else ""
    return Accounted(
        first.state,
        " ".join(filter(None, (first.reason, reason))),
        repeated=all(each.repeated for each in taken),
    )


def describe_taken_in(mailbox: Mailbox, accounted: Accounted) -> str:
    """Return what a log says of a message that was taken in: nothing that somebody else wrote."""
    on = f", {accounted.ref}" if accounted.ref else ""
    return f"a message in the mailbox {mailbox.name}: {accounted.state}{on}"


def _digest(mailbox: str, delivery: Delivery) -> str:
    digest = hashlib.sha256()
    for part in (mailbox.encode(), delivery.identity.encode(errors="surrogateescape"), delivery.content):
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.hexdigest()


def _make_storable(identity: str) -> str:
    """Return an identity as it is stored, so that both can be compared: a digest for a long or unprintable one."""
    if len(identity) <= LINE_LIMIT and identity.isascii() and identity.isprintable():
        return identity
    return hashlib.sha256(identity.encode(errors="surrogateescape")).hexdigest()


def _quarantine(record: IncomingMessage, reason: str) -> IncomingMessage:
    return structs.replace(record, state=MessageState.QUARANTINE, reason=reason)


def _reason(outcome: Applied | Refusal) -> str:
    return outcome.reason if isinstance(outcome, Refusal) else "it has no reference"
