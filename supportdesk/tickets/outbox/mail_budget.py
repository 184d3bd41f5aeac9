"""How much mail a contact gets in an hour, so that two programs that answer each other soon stop. Pure.

Automatic mail of others is recognised by its headers and never gets on a ticket. The budget is for what is not, as its
headers were removed on its way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from supportdesk.sla.mail_kind import MailKind
from supportdesk.tickets.outbox.program_words import normalise_subject, seems_automatic

MOST_AN_HOUR = 20
"""How many mails a contact gets in an hour at most, apart from replies, which people write."""

MOST_RECEIPTS = 6
"""How many receipts in an hour a contact gets at most for requests that came by mail.

Somebody who writes more by hand knows by then that they arrive; a program that varies its subjects is stopped.
"""

_ELSE = "a program that answers each would get another one for ever; reply yourself if a person wrote this"


class MailedRequest(msgspec.Struct, frozen=True):
    """A request that came by mail. `earlier` are the summaries of those whose receipts went out in the last hour."""

    summary: str
    text: str
    earlier: Collection[str] = ()


def find_excess(kind: MailKind, sent: Mapping[MailKind, int], request: MailedRequest | None = None) -> str:
    """Return why a mail is not sent to a contact now; empty where it is.

    `sent` counts what was planned for them in the last hour. A receipt for a `request` that came by mail may answer a
    program, which answers the next one: so there is one an hour for the same subject, apart from references, and one
    for what reads as if a program wrote it. Different requests of a person each get theirs.
    """
    if kind is MailKind.REPLY:
        return ""
    receipts = sent.get(MailKind.RECEIPT, 0)
    if request is not None and receipts:
        subject = normalise_subject(request.summary)
        if subject and any(normalise_subject(each) == subject for each in request.earlier):
            return (
                "they were mailed a receipt within the last hour for the same subject, apart from its references,"
                f" and {_ELSE}"
            )
        if seems_automatic(request.summary, request.text):
            return (
                "they were mailed a receipt within the last hour, and this reads like the answer of a program;"
                f" {_ELSE}"
            )
        if receipts >= MOST_RECEIPTS:
            return f"they were mailed a receipt within the last hour {receipts} times, and {_ELSE}"
    automatic = sum(number for each, number in sent.items() if each is not MailKind.REPLY)
    if automatic >= MOST_AN_HOUR:
        return f"they were mailed {automatic} times within the last hour; reply yourself if they need to know"
    return ""
