"""How much mail a contact gets in an hour, so that two programs that answer each other soon stop. Pure.

Automatic mail of others is recognised by its headers and never gets on a ticket. The budget is for what is not, as its
headers were removed on its way.
"""

from __future__ import annotations

from collections.abc import Mapping

from supportdesk.sla.mail_kind import MailKind

MOST_AN_HOUR = 20
"""How many mails a contact gets in an hour at most, apart from replies, which people write."""


def find_excess(kind: MailKind, sent: Mapping[MailKind, int], *, answers_mail: bool) -> str:
    """Return why a mail is not sent to a contact now; empty where it is.

    `sent` counts what was planned for them in the last hour. With `answers_mail`, it is the receipt of a request that
    came by mail: the next of those within an hour may be an answer to the first receipt, by another program.
    """
    if kind is MailKind.REPLY:
        return ""
    if answers_mail and sent.get(MailKind.RECEIPT, 0):
        return (
            "they were mailed a receipt within the last hour, and a program that answers each would get another one"
            " for ever; reply yourself if a person wrote this"
        )
    automatic = sum(number for each, number in sent.items() if each is not MailKind.REPLY)
    if automatic >= MOST_AN_HOUR:
        return f"they were mailed {automatic} times within the last hour; reply yourself if they need to know"
    return ""
