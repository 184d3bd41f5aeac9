"""Reads values with parameters, such as `Content-Type` and `Content-Disposition`, in every form that programs write.

Not with `email.message`, which raises an exception for some mixtures of the forms of RFC 2231.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from supportdesk.intake.mail.parsing.charsets import decode
from supportdesk.intake.mail.parsing.encoded_words import decode_words
from supportdesk.tickets.plain_text import clean_line

_PARAMETER = re.compile(
    rb';\s*([^\s;=*"]{1,60})(?:\*(\d{1,3}))?(\*)?[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL
)
_ESCAPED = re.compile(rb'\\(["\\])')
_MOST = 4_000
"""The most bytes of a value that are read."""


class ParameterValue(Struct, frozen=True):
    """The first word of a value in lower case, and its parameters by their names in lower case."""

    value: str
    parameters: dict[str, str]

    def get(self, name: str) -> str:
        """Return a parameter; empty where there is none."""
        return self.parameters.get(name, "")


def read_parameters(value: bytes) -> ParameterValue:
    """Return the value of a field and its parameters. Long ones are joined (RFC 2231), encoded words decoded."""
    value = value[:_MOST]
    plain: dict[str, bytes] = {}
    divided: dict[str, list[tuple[int, bool, bytes]]] = {}
    for name, number, star, content in _PARAMETER.findall(value):
        key = name.decode("latin-1").lower()
        if number or star:
            divided.setdefault(key, []).append((int(number or 0), bool(star), _unquote(content)))
        else:
            plain.setdefault(key, _unquote(content))
    parameters = {key: decode_words(content) for key, content in plain.items()}
    parameters |= {key: _join(pieces) for key, pieces in divided.items()}
    word = value.partition(b";")[0].decode("latin-1")
    return ParameterValue(clean_line(word, 200).text.lower(), parameters)


def _unquote(content: bytes) -> bytes:
    content = content.strip()
    if not content.startswith(b'"'):
        return content
    return _ESCAPED.sub(rb"\1", content[1:].removesuffix(b'"'))


def _join(pieces: list[tuple[int, bool, bytes]]) -> str:
    charset = ""
    joined = b""
    for place, (_, is_encoded, content) in enumerate(sorted(pieces, key=lambda piece: piece[0])):
        if is_encoded and place == 0 and content.count(b"'") >= 2:
            name, _, rest = content.split(b"'", 2)
            charset = name.decode("latin-1")
            joined += unquote_to_bytes(rest)
        else:
            joined += unquote_to_bytes(content) if is_encoded else content
    return decode(joined, charset).text
