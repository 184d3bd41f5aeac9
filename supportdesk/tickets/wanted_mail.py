"""Which mail about their tickets a contact or a customer wants, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from supportdesk.sla.mail_kind import MailKind

MAIL_NAMES: Mapping[MailKind, str] = {
    MailKind.RECEIPT: "receipts of requests",
    MailKind.REPLY: "replies",
    MailKind.WAITING: "what is needed from them",
    MailKind.FIX: "fix dates",
    MailKind.RELEASED: "releases",
    MailKind.RESOLVED: "resolved tickets",
    MailKind.CLOSED: "closed tickets",
}
"""What each kind of mail is about, in a list."""


def describe_wanted_mail(unwanted: Collection[MailKind], names: Mapping[MailKind, str] | None = None) -> str:
    """Return which mail somebody gets: `none`, `only replies`, `all but receipts`; empty where they get all of it.

    `names` are those of the kinds, which are their values by default.
    """
    if not unwanted:
        return ""
    wanted = [each for each in MailKind if each not in unwanted]
    if not wanted:
        return "none"
    few, begin = (wanted, "only") if len(wanted) < len(unwanted) else (unwanted, "all but")
    return f"{begin} {', '.join((names or {}).get(each, each.value) for each in MailKind if each in few)}"
