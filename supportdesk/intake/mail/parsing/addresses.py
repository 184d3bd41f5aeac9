"""Reads the addresses of a header such as `From` (RFC 5322), also badly quoted ones.

Not with `email.utils`, which finds an address where the header only shows one (CVE-2023-27043), and differs between
versions of Python.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from supportdesk.intake.mail.parsing.encoded_words import decode_words
from supportdesk.tickets.mail_address import find_fault
from supportdesk.tickets.plain_text import clean_line

MOST_ADDRESSES = 200

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"?|<[^<>]*>?|[(),;:>]|[^"<(),;:>]+', re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_SHOWN = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+\.[^\s@<>\"'(),;:]+")
_LONGEST = 254


class MailAddress(Struct, frozen=True):
    """An address and the name before it, which may be empty. `fault` says why it cannot be an address."""

    address: str
    name: str = ""
    fault: str = ""

    @property
    def is_misleading(self) -> bool:
        """Whether the name shows another address than the one that it belongs to."""
        shown = _SHOWN.findall(self.name)
        return any(each.casefold() != self.address.casefold() for each in shown)

    @property
    def is_readable(self) -> bool:
        """Whether it is an address, as far as its form says."""
        return bool(self.address) and not self.fault


def read_addresses(value: bytes) -> tuple[MailAddress, ...]:
    """Return the addresses of a header's value in order, at most MOST_ADDRESSES.

    A bracket that never closes is no comment: it would hide every address behind it.
    """
    tokens = _TOKEN.findall(value)
    unclosed = _find_unclosed(tokens)
    found: list[MailAddress] = []
    words: list[bytes] = []
    comments: list[bytes] = []
    angle: bytes | None = None
    depth = 0

    def end() -> None:
        nonlocal angle
        made = _make(words, comments, angle)
        if made is not None:
            found.append(made)
        words.clear()
        comments.clear()
        angle = None

    for place, token in enumerate(tokens):
        if place in unclosed:
            continue
        if token == b"(":
            depth += 1
        elif token == b")":
            depth = max(0, depth - 1)
        elif depth:
            comments.append(token)
        elif token in (b",", b";"):
            end()
            if len(found) >= MOST_ADDRESSES:
                return tuple(found)
        elif token == b":" and angle is None and not any(b"@" in word for word in words):
            # What came before is the name of a group.
            words.clear()
        elif token.startswith(b"<") and angle is None:
            angle = token.strip(b"<>")
        else:
            words.append(token)
    end()
    return tuple(found)


def _find_unclosed(tokens: Sequence[bytes]) -> frozenset[int]:
    """Return the places of the brackets that never close."""
    open_brackets: list[int] = []
    for place, token in enumerate(tokens):
        if token == b"(":
            open_brackets.append(place)
        elif token == b")" and open_brackets:
            open_brackets.pop()
    return frozenset(open_brackets)


def _make(words: list[bytes], comments: list[bytes], angle: bytes | None) -> MailAddress | None:
    if angle is not None and not angle.strip() and not words:
        return None
    if angle is None:
        spec = b"".join(words).strip()
        name = b" ".join(comments)
        if not spec:
            return None
    else:
        spec, name = angle, b"".join(map(_unquote, words)) or b" ".join(comments)
    # A route such as `@relay.test:jo@acme.test` is no longer followed (RFC 5322, 4.4).
    route, colon, rest = spec.partition(b":")
    if colon and (route.startswith(b"@") or route.lower() == b"mailto"):
        spec = rest
    address = clean_line(decode_words(spec), 4 * _LONGEST).text
    fault = find_fault(address) or ""
    return MailAddress(address, clean_line(decode_words(name), 200).text, clean_line(fault, 400).text)


def _unquote(word: bytes) -> bytes:
    stripped = word.strip()
    if not stripped.startswith(b'"'):
        return word
    return _ESCAPED.sub(rb"\1", stripped[1:].removesuffix(b'"'))
