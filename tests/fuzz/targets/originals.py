"""The originals of messages, as they arrive from anybody."""

from __future__ import annotations

from email.message import EmailMessage
from functools import cache

from supportdesk.store.erasure.message_originals import names_person
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.erasure.identity import make_identity
from supportdesk.tickets.erasure.text_eraser import TextEraser
from tests.fuzz.target import Target

NAME = "Zoë Müller-Brandt"


@cache
def _eraser() -> TextEraser:
    return TextEraser(make_identity([Contact("acme.zoe", "acme", NAME, email="zoe@acme.example")], "GB"))


def _check(sample: bytes) -> None:
    """Any original is searched for a person, and one from her that carries any other names her."""
    names_person(sample, _eraser())
    carrier = EmailMessage()
    carrier["From"] = f"{NAME} <zoe@acme.example>"
    carrier.set_content(sample, maintype="application", subtype="octet-stream")
    assert names_person(carrier.as_bytes(), _eraser())


originals = Target("originals", _check, text=False, quick=False, longest=1 << 16)
