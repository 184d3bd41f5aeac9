"""Reads the header of a message that another message quotes or forwards, as mail programs write it into the text."""

from __future__ import annotations

import re

from msgspec import Struct

from supportdesk.intake.mail.parsing.addresses import MailAddress, read_addresses
from supportdesk.tickets.plain_text import clean_line

_FIELDS = {
    "from": ("from", "von", "de", "da", "van", "från", "fra", "od"),
    "sent": (
        "sent",
        "date",
        "gesendet",
        "datum",
        "envoyé",
        "enviado",
        "fecha",
        "data",
        "verzonden",
        "inviato",
        "skickat",
    ),
    "subject": ("subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "ämne", "emne", "assunto"),
    "other": (
        "to",
        "cc",
        "bcc",
        "reply-to",
        "an",
        "à",
        "para",
        "a",
        "aan",
        "till",
        "til",
        "importance",
        "attachments",
    ),
}
_MEANING = {name: meaning for meaning, names in _FIELDS.items() for name in names}
_FIELD = re.compile(
    rf"[>\s]*\*?({'|'.join(sorted(map(re.escape, _MEANING), key=len, reverse=True))})\s?\*?[:：]\*?(?=\s|$)(.*)",
    re.IGNORECASE,
)
SENDER_FIELD = re.compile(rf"[>\s]*\*?(?:{'|'.join(_FIELDS['from'])})\s?\*?[:：]", re.IGNORECASE)
"""Matches the field that begins the header as Outlook writes it."""

FORWARD_MARK = re.compile(
    r"-{3,}\s*(?:forwarded (?:message|by .{0,60})|weitergeleitete nachricht|message transféré|mensaje reenviado"
    r"|messaggio inoltrato|doorgestuurd bericht)\s*-{3,}"
    r"|(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)"
    r"|début du message (?:transféré|réexpédié))\s?:",
    re.IGNORECASE,
)
"""Matches the line above a message that is forwarded in the text."""

ORIGINAL_MARK = re.compile(
    r"-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale"
    r"|oorspronkelijk bericht)\s*-{2,}",
    re.IGNORECASE,
)
"""Matches the line that Outlook writes above a message that is replied to or forwarded."""

RULE = re.compile(r"[_-]{10,}")
"""Matches the line that Outlook draws above the header of such a message."""

_MARKS = re.compile(r"[>\s]*")
_MAILTO = re.compile(r"[\[<]\s*mailto:([^\]>\s]+)[\]>]>?", re.IGNORECASE)
_BEHALF = re.compile(r"^.*\b(?:on behalf of|im auftrag von|de la part de)\b", re.IGNORECASE)
_MOST_FIELDS = 12


class QuotedHeader(Struct, frozen=True):
    """What the header says; `sent` is the date as it is written. It takes `length` lines."""

    sender: MailAddress | None
    subject: str
    sent: str
    length: int


def read_quoted_header(lines: list[str], place: int) -> QuotedHeader | None:
    """Return the header that begins at a line; None where there is none with a sender and two other fields."""
    values: dict[str, str] = {}
    count = 0
    for line in lines[place : place + _MOST_FIELDS]:
        found = _FIELD.match(line[:2_000])
        if found is None:
            # A long list of recipients or a subject may go on in the next line.
            if not count or not line.startswith((" ", "\t")) or not line.strip():
                break
        else:
            values.setdefault(_MEANING[found[1].lower()], found[2].strip(" *"))
        count += 1
    if len(values) < 3 or "from" not in values:
        return None
    return QuotedHeader(
        _read_sender(values["from"]),
        clean_line(values.get("subject", ""), 1_000).text,
        clean_line(values.get("sent", ""), 100).text,
        count,
    )


def strip_marks(lines: list[str]) -> list[str]:
    """Return lines without one level of quoting, if all that are not empty have it."""
    if not all(line.startswith(">") for line in lines if line.strip()):
        return lines
    return [line.removeprefix(">").removeprefix(" ") for line in lines]


def is_blank(line: str) -> bool:
    """Return whether a line has only marks of quoting."""
    return _MARKS.fullmatch(line) is not None


def _read_sender(value: str) -> MailAddress | None:
    plain = _BEHALF.sub("", _MAILTO.sub(r" <\1>", value))
    # `Jo <jo@acme.test <jo@acme.test>>` is an address that was a link.
    plain = re.sub(r"<([^<>\s]+)\s*<[^<>]*>+", r"<\1>", plain)
    addresses = read_addresses(plain.encode("utf-8", "replace"))
    return addresses[0] if addresses else None
