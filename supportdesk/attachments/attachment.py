"""A file that came with a message, or went with one."""

from __future__ import annotations

from msgspec import Struct


class Attachment(Struct, frozen=True):
    """A file of a message; `size` is in bytes, `digest` its SHA-256 in hexadecimal.

    `declared_type` is what its sender says that it is, `sniffed_type` what its content shows. `is_inline` for an image
    that the text shows, such as that of a signature. `fault` says what was wrong with its content; it is empty for a
    sound one.
    """

    name: str
    declared_type: str
    sniffed_type: str
    size: int
    digest: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False
    fault: str = ""
