"""Parts are told apart as Python's own parser of mail does it, where both can."""

from __future__ import annotations

from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from supportdesk.intake.mail.parsing.part import split_message
from supportdesk.intake.mail.parsing.transfer_encoding import decode_content
from tests.intake.mail.parsing.samples import CORPUS

BEYOND = {"damaged-base64", "deep", "many-parts", "no-boundary"}
"""Messages with more than is read, or that Python reads less of."""

SOUND = [
    path
    for path in sorted(CORPUS.iterdir())
    if b"\nMIME-Version:" in path.read_bytes() and path.stem not in BEYOND
]


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_parts_and_their_contents_are_those_that_python_reads(path: Path) -> None:
    raw = path.read_bytes()
    raw = raw[raw.index(b"\n") + 1 :] if raw.startswith(b"From ") else raw.removeprefix(b"\xef\xbb\xbf\r\n")
    read = [part for part in split_message(raw).walk() if not part.parts]
    expected = list_leaves(message_from_bytes(raw))
    assert [part.media_type for part in read] == [part.get_content_type() for part in expected]
    for part, known in zip(read, expected, strict=True):
        if not known.is_multipart():
            assert decode_content(part).data == known.get_payload(decode=True)


def list_leaves(message: Any) -> list[Any]:
    """The parts of a message that have no parts; Python takes attached messages apart, which stay whole here."""
    if message.get_content_maintype() == "message" or not message.is_multipart():
        return [message]
    return [leaf for part in message.get_payload() for leaf in list_leaves(part)]
