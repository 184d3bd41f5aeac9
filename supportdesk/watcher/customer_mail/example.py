"""A made-up request, with which the mail of each kind can be looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime

from supportdesk.sla.mail_kind import MailKind
from supportdesk.watcher.customer_mail.content import MailContent, MailEnvelope, OpenDays, OpenHours

EXAMPLE_ENVELOPE = MailEnvelope(
    sender="Support <support@example.com>",
    target="dana.price@acme.example",
    target_name="Dana Price",
    message_id="example@example.com",
)
_TEXTS = {
    MailKind.REPLY: "Hello Dana,\n\nplease restart the print service and try again. It should work then.",
    MailKind.WAITING: "Which printer is it, and what does it show?",
    MailKind.RESOLVED: "The driver of the printer was replaced, and a test page was printed.",
}


def make_example(kind: MailKind) -> MailContent:
    """Return a mail of a kind about a request that arrived on a Friday afternoon."""
    is_reply = kind is MailKind.REPLY
    return MailContent(
        kind=kind,
        ref="CD-4CAG-H",
        summary="Invoices cannot be printed",
        severity="High",
        contact_name="Dana Price",
        at=datetime(2026, 11, 27, 16, 30, tzinfo=UTC),
        timezone="Europe/London",
        text=_TEXTS.get(kind, ""),
        author_name="Ann Lee" if is_reply else "",
        response_due=datetime(2026, 11, 30, 9, 30, tzinfo=UTC),
        resolution_due=datetime(2026, 12, 2, 10, 30, tzinfo=UTC),
        fix_date=date(2026, 12, 16),
        release="7.5",
        previous_fix_date=date(2026, 12, 9),
        previous_release="7.4",
        open_hours=OpenHours(
            (OpenDays(0, 4, (("08:00", "18:00"),)),), "Europe/London", closed_on_holidays=True
        ),
        critical_number="+44 20 7946 0000",
        closes_after_days=5,
        article_title="Printing from Accounts" if is_reply else "",
        article_text="Choose File, then Print.\nChoose the printer by its floor." if is_reply else "",
    )
