"""What a mail to a customer says, and from whom to whom it goes, as values: no text is worded here."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from supportdesk.sla.mail_kind import MailKind


class OpenDays(Struct, frozen=True):
    """Days in a row with the same hours. `first` and `last` count from Monday, 0; a span is such as (08:00, 18:00)."""

    first: int
    last: int
    spans: tuple[tuple[str, str], ...]


class OpenHours(Struct, frozen=True):
    """When the desk works in a usual week, in the time of `timezone`, and whether bank holidays are left out."""

    days: tuple[OpenDays, ...]
    timezone: str
    closed_on_holidays: bool = False


class MailContent(Struct, frozen=True, kw_only=True):
    """What one mail to a customer says. It has no place for what staff write for each other.

    `severity` is a name, `at` when it happened; instants are UTC and written in `timezone`. `text` is what staff wrote
    for the customer: the reply, the question or the resolution. `response_due` and `resolution_due` are None where
    they were met or do not apply, and `response_late` and `resolution_late` say that they had passed at `at`.
    `closes_after_days` counts the working days of a resolved ticket without a reply.
    `previous_fix_date` and `previous_release` are what was promised before, where a fix is moved.

    `author_name` is the member of staff who wrote a reply, and who greets the customer in their own words.
    `round_the_clock` is of the promise that counts now, and `open_hours` are its opening hours; None round the clock.
    `critical_number` is dialled for a Critical; empty where the policy has none. Texts may hold anything: what is made
    of them is cleaned. `article_text` is that of an article that goes with a reply.
    """

    kind: MailKind
    ref: str
    summary: str
    severity: str
    contact_name: str
    at: datetime
    timezone: str
    text: str = ""
    author_name: str = ""
    response_due: datetime | None = None
    resolution_due: datetime | None = None
    response_late: bool = False
    resolution_late: bool = False
    fix_date: date | None = None
    release: str = ""
    previous_fix_date: date | None = None
    previous_release: str = ""
    round_the_clock: bool = False
    open_hours: OpenHours | None = None
    critical_number: str = ""
    closes_after_days: int | None = None
    article_title: str = ""
    article_text: str = ""
    article_address: str = ""


class MailEnvelope(Struct, frozen=True, kw_only=True):
    """From whom to whom a mail goes, and what it follows.

    `sender` may have a name, `Support <support@example.com>`. `message_id` is the same at every attempt, and `thread`
    are the Message-IDs of the thread, the oldest first; both are without `<>`. With `plus_addressing` a reply goes to
    the sender's address with the reference in it: `support+CD-4CAG-H@example.com`.
    """

    sender: str
    target: str
    message_id: str
    target_name: str = ""
    thread: tuple[str, ...] = ()
    plus_addressing: bool = False
