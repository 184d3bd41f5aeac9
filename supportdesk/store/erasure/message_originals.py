"""Looks for a person in the original of a message, as it was sent."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import default

from supportdesk.tickets.erasure.text_eraser import TextEraser

_TAG = re.compile(r"<[^<>]*>")


def names_person(original: bytes, texts: TextEraser) -> bool:
    """Return whether a person is named in the headers or texts of a message.

    Of one that is not as a mail has to be, all bytes are looked at as well, and one that cannot be taken apart counts
    as naming them. What is attached, such as a picture or a PDF file, is not read.
    """
    try:
        message = message_from_bytes(original, policy=default)
        if any(_is_in(each, texts) for each in _list_texts(message)):
            return True
    except Exception:  # noqa: BLE001 - anything may be in a message
        return True
    is_sound = not any(part.defects for part in message.walk())
    return not is_sound and _is_in(original.decode("utf-8", "ignore"), texts)


def _is_in(text: str, texts: TextEraser) -> bool:
    return texts.may_contain(text) and texts.erase(text, own=False) != text


def _list_texts(message: Message) -> Iterator[str]:
    """Yield the headers and the texts of a message; HTML as it is, and as it reads."""
    for part in message.walk():
        yield "\n".join(map(str, part.values()))
        if part.get_content_maintype() == "text":
            payload = part.get_payload(decode=True)
            text = payload.decode(_find_encoding(part), "ignore") if isinstance(payload, bytes) else ""
            yield text
            if part.get_content_subtype() == "html":
                # A tag may be between two words, or within one.
                yield from (html.unescape(_TAG.sub(instead, text)) for instead in (" ", ""))


def _find_encoding(part: Message) -> str:
    """Return the encoding of a part's text; one that Python does not know is read as UTF-8."""
    try:
        return codecs.lookup(part.get_content_charset("utf-8")).name
    except LookupError:
        return "utf-8"
