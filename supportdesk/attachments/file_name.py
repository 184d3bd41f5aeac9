"""Makes the names of attachments safe to show, and to save under on any system."""

from __future__ import annotations

import re
from collections.abc import Collection

from supportdesk.tickets.plain_text import clean_line

LONGEST = 120
"""The most characters of a name."""

_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')
_RESERVED = re.compile(
    r"(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]|CONIN\$|CONOUT\$)\s*(?:\..*)?", re.IGNORECASE
)
_EXTENSIONS = {
    "application/json": "json",
    "application/ms-tnef": "dat",
    "application/pdf": "pdf",
    "application/pgp-signature": "asc",
    "application/pkcs7-mime": "p7m",
    "application/pkcs7-signature": "p7s",
    "application/zip": "zip",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "message/delivery-status": "txt",
    "message/rfc822": "eml",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/html": "html",
    "text/plain": "txt",
    "text/rfc822-headers": "txt",
}
_BYTES = 200
"""The most bytes of a name in UTF-8: file systems allow 255, and what saves it may add a number."""


def clean_file_name(name: str) -> str:
    """Return a name without folders, controls, reserved characters and device names; empty if nothing is left."""
    plain = clean_line(name[:4_000], 2_000).text
    plain = plain.replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = _FORBIDDEN.sub("_", plain).strip(" .")
    if plain.startswith(("-", "~")):
        plain = f"_{plain[1:]}"
    if _RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    return _shorten(plain)


def make_file_name(media_type: str, number: int) -> str:
    """Return a name for a part without one, from its type and its number among the attachments."""
    extension = _EXTENSIONS.get(media_type)
    base = "message" if media_type == "message/rfc822" else media_type.partition("/")[0]
    name = clean_file_name(base) or "attachment"
    return f"{name}-{number}.{extension}" if extension else f"{name}-{number}"


def number_file_name(name: str, number: int) -> str:
    """Return the name for another file of the same name: `log (2).txt`. It is no longer than any other."""
    return _shorten(name, f" ({number})")


def choose_unused(name: str, taken: Collection[str]) -> str:
    """Return a name, or with a number the first one that is not among some, which are case-folded."""
    number, unused = 1, name
    while unused.casefold() in taken:
        number += 1
        unused = number_file_name(name, number)
    return unused


def _shorten(name: str, mark: str = "") -> str:
    """Return a name with a mark before its extension; a long one without the end of what is before that."""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or len(extension) > 20:
        stem, dot, extension = name, "", ""
    end = f"{mark}{dot}{extension}"
    while len(f"{stem}{end}".encode()) > _BYTES or len(stem) + len(end) > LONGEST:
        stem = stem[: max(len(stem) - max(1, len(stem) // 10), 0)]
    return f"{stem.rstrip()}{end}" if stem else extension
