"""Looks for a person in the original of a message, as it was sent."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default

from supportdesk.tickets.erasure.text_eraser import TextEraser


def names_person(original: bytes, texts: TextEraser) -> bool:
    """Return whether a person is named in a message's headers or texts, or in the bytes as they are.

    A message that cannot be taken apart counts as one that names them. What is attached to it, such as a picture or a
    PDF file, is not read.
    """
    if _is_in(original.decode("utf-8", "ignore"), texts):
        return True
    try:
        return any(_is_in(each, texts) for each in _list_texts(message_from_bytes(original, policy=default)))
    except Exception:  # noqa: BLE001 - anything may be in a message
        return True


def _is_in(text: str, texts: TextEraser) -> bool:
    return texts.may_contain(text) and texts.erase(text, own=False) != text


def _list_texts(message: Message) -> Iterator[str]:
    for part in message.walk():
        yield from (str(value) for value in part.values())
        if part.get_content_maintype() == "text" and isinstance(part, EmailMessage):
            payload = part.get_payload(decode=True)
            content = payload if isinstance(payload, bytes) else b""
            yield content.decode(_find_encoding(part), "ignore")


def _find_encoding(part: EmailMessage) -> str:
    """Return the encoding of a part's text; one that Python does not know is read as UTF-8."""
    import codecs

    try:
        return codecs.lookup(part.get_content_charset("utf-8")).name
    except LookupError:
        return "utf-8"
