"""A mail of each kind, for the tests."""

from datetime import UTC, date, datetime
from typing import Any

from supportdesk.sla.mail_kind import MailKind
from supportdesk.watcher.customer_mail.content import MailContent, MailEnvelope, OpenDays, OpenHours
from supportdesk.watcher.customer_mail.rendering import RenderedMail, find_templates

REF = "CD-4CAG-H"
OFFICE = OpenHours((OpenDays(0, 4, (("08:00", "18:00"),)),), "Europe/London", closed_on_holidays=True)


def content_of(kind: MailKind, **changes: Any) -> MailContent:
    """A mail of a kind about a request of Friday evening, with everything that one can say."""
    values: dict[str, Any] = {
        "ref": REF,
        "summary": "Invoices cannot be printed",
        "severity": "High",
        "contact_name": "Dana Price",
        "at": datetime(2026, 11, 27, 18, 5, tzinfo=UTC),
        "timezone": "Europe/London",
        "text": "The printer driver was replaced.",
        "response_due": datetime(2026, 11, 30, 9, 30, tzinfo=UTC),
        "resolution_due": datetime(2026, 12, 2, 12, 0, tzinfo=UTC),
        "fix_date": date(2026, 12, 11),
        "release": "4.2",
        "open_hours": OFFICE,
        "critical_number": "+44 20 7946 0000",
        "closes_after_days": 5,
    }
    return MailContent(kind=kind, **(values | changes))


def render(content: MailContent) -> RenderedMail:
    """The texts of a mail, by the templates that ship with the program."""
    return find_templates().render(content)


def envelope_of(**changes: Any) -> MailEnvelope:
    """From the desk to the customer."""
    values: dict[str, Any] = {
        "sender": "Support <support@example.com>",
        "target": "dana@acme.example",
        "target_name": "Dana Price",
        "message_id": "m-17-mail@example.com",
    }
    return MailEnvelope(**(values | changes))
