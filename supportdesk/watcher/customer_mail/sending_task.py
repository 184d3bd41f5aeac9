"""Sends the mail to customers that waits in the outbox: each is worded from its ticket when it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from supportdesk.desk_api import DeskApi, UnknownTicketError
from supportdesk.sla.mail_kind import MailKind
from supportdesk.store.outbox_models import OutgoingMessage, SentMail, Shipment
from supportdesk.store.read_models import TicketView, TimelineEntry
from supportdesk.tickets.attached_file import FileContent
from supportdesk.tickets.documents import ERASED, Article
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.watcher.customer_mail.content import MailContent, MailEnvelope
from supportdesk.watcher.customer_mail.language import MailTextError
from supportdesk.watcher.customer_mail.sending_transport import CustomerMailSender
from supportdesk.watcher.customer_mail.ticket_content import make_content
from supportdesk.watcher.outbox_task import CLOSING, OutboxTask
from supportdesk.watcher.sending.sender import SendResult, not_delivered
from supportdesk.watcher.task import Say

PATIENCE = timedelta(minutes=5)
"""How long mail may wait for a watcher that can send it, before one that cannot says so."""

_WORDED = frozenset({MailKind.REPLY, MailKind.WAITING, MailKind.RESOLVED})
"""The kinds in which the customer reads what somebody wrote for them."""


class CustomerMail(OutboxTask[CustomerMailSender]):
    """Sends mail to customers by the one server or program of the settings.

    It has its own threads, so that no mail keeps a page waiting.
    """

    name = "sending mail to customers"

    def __init__(
        self,
        say: Say,
        load_senders: Callable[[], Mapping[str, CustomerMailSender]],
        closing: float = CLOSING,
    ) -> None:
        super().__init__(say, load_senders, closing)
        self._waits = False

    def _send(self, desk: DeskApi, sender: CustomerMailSender, shipment: Shipment) -> SendResult:
        message = shipment.first
        if message.target == ERASED:
            return not_delivered("the contact was erased", permanent=True)
        mail = desk.find_sent_mail(message.id)
        assert mail is not None, "what was claimed is there"
        try:
            view = desk.ticket(mail.ref)
        except UnknownTicketError:
            return not_delivered(f"there is no ticket {mail.ref}", permanent=True)
        files = _load_files(desk, mail)
        if len(files) < len(mail.attachments):
            return not_delivered("an attachment was erased", permanent=True)
        # Imported once there is mail to send, as it takes long.
        from supportdesk.watcher.customer_mail.compose import compose
        from supportdesk.watcher.customer_mail.rendering import find_templates

        content, envelope = _make_content(desk, view, mail), _make_envelope(desk, sender, message, mail)
        try:
            composed = compose(content, envelope, find_templates(sender.templates), files)
        except MailTextError as error:
            return not_delivered(str(error))
        return sender.send_mail(message.target, composed)

    def _finish_tick(self, desk: DeskApi, now: datetime) -> bool:
        self._waits = False
        if not self._senders and not self._unusable and any(each.mails for each in desk.policies.values()):
            due = desk.next_delivery_due([CUSTOMER_MAIL])
            self._waits = due is not None and now - due > PATIENCE
        return False

    def _find_more_faults(self) -> Iterable[str]:
        if self._waits:
            yield "mail to customers waits, as [watcher.customer_mail] of the settings is missing"


def _make_content(desk: DeskApi, view: TicketView, mail: SentMail) -> MailContent:
    kind, cause = MailKind(mail.kind), _find_cause(view, mail)
    text = cause.phrase.text if kind in _WORDED and cause.phrase is not None else ""
    policy = desk.policies[view.ticket.policy]
    content = make_content(kind, view, policy, cause.at, text=text, author_name=cause.name)
    content = replace(content, previous_fix_date=mail.previous_day, previous_release=mail.previous_release)
    return _with_article(content, mail.article) if mail.article is not None else content


def _with_article(content: MailContent, article: Article) -> MailContent:
    """Return a reply with all of its article instead of the line that names it."""
    text, _, named = content.text.rpartition("\n\n")
    return replace(
        content,
        text=text if named.startswith(f"{article.key}: ") else content.text,
        article_title=article.title,
        article_text=article.text,
    )


def _load_files(desk: DeskApi, mail: SentMail) -> list[FileContent]:
    """Return the files of a reply that are there."""
    loaded = ((each, desk.attached_content(each.digest)) for each in mail.attachments)
    return [
        FileContent(each.name, each.media_type, content) for each, content in loaded if content is not None
    ]


_CAUSES = {
    MailKind.RECEIPT: {"logged"},
    MailKind.REPLY: {"replied"},
    MailKind.WAITING: {"wait began"},
    MailKind.FIX: {"fix promised", "fix date moved"},
    MailKind.RELEASED: {"fix shipped"},
    MailKind.RESOLVED: {"resolved"},
    MailKind.CLOSED: {"closed"},
}
"""The events that cause a mail of each kind, by their tags."""


def _find_cause(view: TicketView, mail: SentMail) -> TimelineEntry:
    """Return the event of the same command because of which a mail goes out."""
    [planned] = [each for each in view.timeline if each.seq == mail.seq]
    return next(
        each
        for each in view.timeline
        if each.command_seq == planned.command_seq and each.event in _CAUSES[MailKind(mail.kind)]
    )


def _make_envelope(
    desk: DeskApi, sender: CustomerMailSender, message: OutgoingMessage, mail: SentMail
) -> MailEnvelope:
    return MailEnvelope(
        sender=sender.sender,
        target=message.target,
        target_name=message.person_name,
        message_id=sender.make_message_id(mail.id),
        thread=tuple(
            sender.make_message_id(each.identity) if each.is_ours else each.identity
            for each in desk.mail_thread(mail)
        ),
        plus_addressing=sender.plus_addressing,
    )
