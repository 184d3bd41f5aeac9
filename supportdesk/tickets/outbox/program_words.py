"""Tells mail that a program seems to have written, where its headers do not say so any more. Pure.

It decides only whether another receipt goes out, never what becomes of the mail: people write such words, too.
"""

from __future__ import annotations

import re

_LOOKED_AT = 1_000
"""How many characters of a text are looked at: what a program says, it says first."""

_NUMBERED = re.compile(
    r"\[[^\]\d]*\d[^\]]*\]|#\s*\d{3,}|\b(?:ticket|case|incident)\s+(?:id|no|number)?[.:#\s]*\d{3,}",
    re.IGNORECASE,
)
"""What programs that log requests write into a subject: `[Ticket 4711]`, `#4711`."""

_SAID = re.compile(
    r"\b(?:receipt|received|confirmation) of your\b|\byour (?:[\w-]+ ){1,5}(?:has been|was) received\b"
    r"|\beingangsbest[aä]tigung"
    r"|\bwe(?: have|'ve)? received your\b|\byour (?:e-?mail|message|request|enquiry|inquiry|ticket|case)"
    r" (?:has been|was|is) (?:received|logged|registered|assigned|important)"
    r"|\bthank you for (?:contacting|getting in touch)"
    r"|\b(?:please )?do not reply to this (?:e-?mail|message)|\bthis is an auto(?:matic|mated)"
    r"|\bwe will (?:respond|reply|get back to you|answer)\b"
    r"|\bi(?: a|')m (?:currently |now )?(?:away|out of (?:the|my) office|on (?:leave|holiday|vacation))\b"
    r"|\bihre (?:anfrage|nachricht|e-?mail) (?:ist|wurde)\b|\bnous avons (?:bien )?re[cç]u votre\b"
    r"|\bhemos recibido (?:su|tu)\b|\babbiamo ricevuto (?:la|il) (?:sua|tua|suo|tuo)\b",
    re.IGNORECASE,
)
"""What receipts and notes of absence say; what a subject says plainly, such as `Automatic reply:`, is known before."""

_VARIES = re.compile(r"\[[^\]\d]*\d[^\]]*\]|#\s*\d+")
"""What differs between the subjects of one program's answers: a number in brackets, or behind `#`.

Any other number may be what a person's request is about: a server, an order, a year.
"""
_WORD = re.compile(r"[^\W_]+")


def seems_automatic(subject: str, text: str) -> bool:
    """Return whether a message reads like a receipt, a note of absence, or what else a program answers with."""
    said = " ".join(f"{subject}\n{text[:_LOOKED_AT]}".split())
    return bool(_NUMBERED.search(subject) or _SAID.search(said))


def normalise_subject(subject: str) -> str:
    """Return a subject without the references that programs add; empty where it has no other word."""
    return " ".join(_WORD.findall(_VARIES.sub(" ", subject.casefold())))
