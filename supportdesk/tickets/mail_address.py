"""Checks email addresses for their form; whether mail arrives there is for the mail server to say."""

from __future__ import annotations

import re

_EXAMPLE = "type it as in jo.park@acme.example"
_LONGEST, _LONGEST_NAME, _LONGEST_LABEL = 254, 64, 63
"""The most characters that RFC 5321 and RFC 1035 allow for an address, for its local part and for a label of its
domain.
"""

_NAME = re.compile(r"[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*|\"(?:[^\"\\]|\\.)+\"")
_LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")
_MEANT = re.compile(r"\S+@\S*")
_ADDRESSED = re.compile(r"(?<![^\s@<>,;])[^\s@<>,;]++@[^\s@<>,;]+")

_NAMED = re.compile(r"(?P<name>[^<>]*)<\s*(?:mailto:)?(?P<address>[^\s<>]+@[^\s<>]*)\s*>\s*", re.IGNORECASE)


def looks_like_address(text: str) -> bool:
    """Return whether a text is meant as an email address, even a faulty one, and not as a name."""
    return _MEANT.fullmatch(text.strip()) is not None


def split_name(text: str) -> tuple[str, str] | None:
    """Return name and address of a text such as `Pat Jones <pat@acme.example>`; None for any other text."""
    found = _NAMED.fullmatch(text)
    if found is None:
        return None
    return " ".join(found["name"].replace('"', " ").split()), found["address"]


def find_fault(text: str) -> str | None:
    """Return why a text cannot be an email address, with an example; None where it can, or is empty."""
    address = text.strip()
    if not address:
        return None
    why = _why_not(address)
    return f"{text!r} {why}; {_EXAMPLE}" if why else None


def _why_not(address: str) -> str | None:
    name, at, domain = address.rpartition("@")
    if len(_ADDRESSED.findall(address)) > 1:
        return "contains several addresses"
    if not at:
        return "is not an email address: it has no @"
    if "@" in name and not name.startswith('"'):
        return "is not an email address: it has more than one @"
    if not name or not domain:
        return f"is not an email address: there is nothing {'after' if name else 'before'} the @"
    if len(address) > _LONGEST or len(name) > _LONGEST_NAME:
        return "is too long for an email address"
    if _NAME.fullmatch(name) is None:
        return f"is not an email address: {name} is not possible before the @"
    labels = domain.split(".")
    # No domain ends with a number: those that do are addresses of machines.
    if labels[-1].isdecimal() or not all(
        _LABEL.fullmatch(label) and len(label) <= _LONGEST_LABEL for label in labels
    ):
        return f"is not an email address: {domain} is not a domain"
    return None
