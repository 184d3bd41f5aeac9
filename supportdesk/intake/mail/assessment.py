"""Decides what is to become of a message: nothing that it says of itself is proof of who sent it.

A reference or a header may be written by anybody. So a message gets on a ticket only if the ticket knows its sender,
and is logged as a request only if the sender is a contact; everything else waits in quarantine, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct

from supportdesk.desk_api import UnknownTicketError
from supportdesk.intake.mail.mailbox import Mailbox
from supportdesk.intake.mail.parsing.automatic import AutomaticKind
from supportdesk.intake.mail.parsing.bounce import Bounce
from supportdesk.intake.mail.parsing.message import MailMessage
from supportdesk.store.outbox_models import SentMail
from supportdesk.store.read_models import Roster, TicketView
from supportdesk.tickets.command import LINE_LIMIT
from supportdesk.tickets.documents import Contact, Person
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState

_MOST_TICKETS = 10
"""How many of the references of a message are looked up."""
_MOST_MESSAGES = 10
"""How many of the messages that a message replies to are looked up, the latest first."""


class KnownParties(Protocol):
    """What is asked of the desk about a message."""

    def contacts_with_email(self, address: str) -> list[Contact]:
        """Return the contacts with an email address."""
        ...

    def roster(self) -> Roster:
        """Return the staff."""
        ...

    def ticket(self, ref: str) -> TicketView:
        """Return a ticket. Raises UnknownTicketError."""
        ...

    def find_sent_mail(self, message_id: str) -> SentMail | None:
        """Return the mail to a customer with a Message-ID; None for a message of somebody else."""
        ...

    def find_incoming(self, *, message_id: str = "", content_digest: str = "") -> list[IncomingMessage]:
        """Return the messages with a Message-ID and a digest of their content, the oldest first."""
        ...


class NewRequest(Struct, frozen=True):
    """A request of a contact, to be logged. `contacts` are all who have the address, of one customer.

    `text` is theirs, and `forwarded_by` who of the staff passed it on.
    """

    contacts: tuple[Contact, ...]
    subject: str
    text: str
    forwarded_by: Person | None = None

    @property
    def contact(self) -> Contact:
        """The contact whose request it is."""
        return self.contacts[0]


class TicketMessage(Struct, frozen=True):
    """A contact's message on a ticket. Where the ticket cannot take it any more, it is the `request` instead."""

    ref: str
    contact: Contact
    request: NewRequest


class Settled(Struct, frozen=True):
    """No ticket changes: the state of the message, and why, in a sentence."""

    state: MessageState
    reason: str
    contact: str | None = None


class BouncedMail(Struct, frozen=True):
    """A mail of ours that came back. `reason` is what a server said, `settled` what the message itself becomes."""

    sent: SentMail
    reason: str
    settled: Settled


Assessment = NewRequest | TicketMessage | BouncedMail | Settled


def assess(mail: MailMessage, mailbox: Mailbox, desk: KnownParties) -> Assessment:
    """Return what is to become of a message. Raises DeskUnavailableError."""
    settled = _find_duplicate(mail, desk) or _find_automatic(mail, mailbox)
    if settled is not None:
        return _find_bounced(mail, settled, desk) or settled
    request = _find_request(mail, desk)
    if isinstance(request, Settled):
        return request
    return _find_ticket(mail, mailbox, request, desk)


def _find_duplicate(mail: MailMessage, desk: KnownParties) -> Settled | None:
    identity = mail.identity
    found = desk.find_incoming(message_id=identity.message_id, content_digest=identity.content_digest)
    earlier = [each for each in found if each.message_id == identity.message_id and each.voicemail is None]
    if not earlier:
        return None
    return Settled(
        MessageState.DUPLICATE,
        f"The same message arrived before and is {earlier[0].key}: it has the same Message-ID and content.",
        earlier[0].contact,
    )


def _find_automatic(mail: MailMessage, mailbox: Mailbox) -> Settled | None:
    if mail.sender is not None and mailbox.is_own(mail.sender.address):
        return Settled(MessageState.AUTOMATIC, "It was sent from the desk's own address.")
    if mail.bounce is not None:
        recipients = ", ".join(each.address for each in mail.bounce.recipients)
        what = "could not be delivered" if mail.bounce.is_final else "is delayed"
        return Settled(MessageState.BOUNCE, f"A message to {recipients or 'an unknown recipient'} {what}.")
    if mail.automatic is not None and mail.automatic.kind is not AutomaticKind.UNANSWERABLE:
        return Settled(MessageState.AUTOMATIC, _join_whole(mail.automatic.reasons))
    return None


def _join_whole(reasons: Iterable[str]) -> str:
    """Return as many of some sentences as a reason has room for, rather than a part of one."""
    joined = ""
    for reason in reasons:
        longer = f"{joined} {reason}".strip()
        if joined and len(longer) > LINE_LIMIT:
            break
        joined = longer
    return joined


def _find_bounced(mail: MailMessage, settled: Settled, desk: KnownParties) -> BouncedMail | None:
    """Return which mail of ours a bounce is about; None where it may still arrive, or its ticket has the alarm."""
    if settled.state is not MessageState.BOUNCE or mail.bounce is None or not mail.bounce.is_final:
        return None
    sent = desk.find_sent_mail(mail.bounce.message_id)
    if sent is None or sent.is_undelivered:
        return None
    return BouncedMail(sent, _describe_failure(mail.bounce, sent, desk), settled)


def _describe_failure(bounce: Bounce, sent: SentMail, desk: KnownParties) -> str:
    """Return what the server said, with the address that it names where our mail did not go there.

    The contact's own server may have forwarded it.
    """
    failed = next(each for each in bounce.recipients if each.action == "failed")
    said = failed.diagnostic or failed.status
    address = failed.address
    if not address or any(each.key == sent.contact for each in desk.contacts_with_email(address)):
        return said
    return f"the report names another address, {address}: {said}".rstrip(": ")


def _find_request(mail: MailMessage, desk: KnownParties) -> NewRequest | Settled:
    """Return the message as the request of a contact, or why it is nobody's."""
    sender = mail.sender
    if sender is None or not sender.is_readable:
        return _quarantine("It does not say who sent it.")
    if mail.has_several_senders:
        return _quarantine("It names several senders, of whom anybody may have written it.")
    subject, text, by = mail.subject, mail.text, _find_staff(sender.address, desk)
    if by is not None:
        forwarded = mail.forwarded
        if forwarded is None or forwarded.sender is None or not forwarded.sender.is_readable:
            return _quarantine(
                f"{by.name} is on the staff, and it is no forwarded message that names its sender."
            )
        sender = forwarded.sender
        subject = forwarded.subject or subject
        text = "\n\n".join(filter(None, (forwarded.note, forwarded.text)))
    contacts = desk.contacts_with_email(sender.address)
    if not contacts:
        return _quarantine(f"{sender.address} is not the address of a contact.")
    if len({each.organisation for each in contacts}) > 1:
        names = ", ".join(each.key for each in contacts)
        return _quarantine(f"{sender.address} is the address of several customers' contacts: {names}.")
    return NewRequest(tuple(contacts), subject, text, by)


def _find_staff(address: str, desk: KnownParties) -> Person | None:
    wanted = address.casefold()
    return next(
        (each for each in desk.roster().staff if each.active and each.email.casefold() == wanted), None
    )


def _find_ticket(mail: MailMessage, mailbox: Mailbox, request: NewRequest, desk: KnownParties) -> Assessment:
    """Return the message as one on the ticket that it belongs to, if its sender may write there.

    What it says goes before its header: people reply to an old mail of ours to write about another ticket.
    """
    belongs = "names"
    found = _load_tickets(mail.thread.in_subject, desk) or _load_tickets(mail.thread.in_text, desk)
    if not found:
        belongs = "replies to our mail about"
        found = _load_tickets(_find_in_header(mail, mailbox, desk), desk)
    if not found:
        return request
    permitted = [
        TicketMessage(view.row.ref, contact, request)
        for view in found
        if (contact := _find_writer(request.contacts, view)) is not None
    ]
    if len(permitted) > 1:
        # It may quote what names other tickets than the one that it replies to.
        header = _find_in_header(mail, mailbox, desk)
        permitted = [each for each in permitted if each.ref in header] or permitted
    if len(permitted) == 1:
        return permitted[0]
    name = request.contact.name
    if permitted:
        refs = ", ".join(each.ref for each in permitted)
        return _quarantine(
            f"It {belongs} several tickets on which {name} may write: {refs}.", request.contact
        )
    refs = ", ".join(view.row.ref for view in found)
    return _quarantine(f"It {belongs} {refs}, and {name} may not write there.", request.contact)


def _find_in_header(mail: MailMessage, mailbox: Mailbox, desk: KnownParties) -> tuple[str, ...]:
    """Return the references in our address to which a message was sent, and of what it replies to."""
    thread = mail.thread
    refs = [each.ref for each in thread.in_addresses if mailbox.is_own(each.address)]
    replied_to = dict.fromkeys((*reversed(thread.in_reply_to), *reversed(thread.references)))
    for message_id in list(replied_to)[:_MOST_MESSAGES]:
        sent = desk.find_sent_mail(message_id)
        if sent is not None:
            refs.append(sent.ref)
            break
    return tuple(dict.fromkeys(refs))


def _load_tickets(refs: Iterable[str], desk: KnownParties) -> list[TicketView]:
    found = []
    for ref in list(refs)[:_MOST_TICKETS]:
        try:
            found.append(desk.ticket(ref))
        except UnknownTicketError:
            continue
    return found


def _find_writer(contacts: Iterable[Contact], view: TicketView) -> Contact | None:
    """Return the contact whom a ticket knows: it is theirs, or their company's and they are a super user."""
    own = [each for each in contacts if each.key == view.contact.key]
    company = [each for each in contacts if each.super_user and each.organisation == view.organisation.key]
    return next(iter(own + company), None)


def _quarantine(reason: str, contact: Contact | None = None) -> Settled:
    return Settled(MessageState.QUARANTINE, reason, contact.key if contact is not None else None)
