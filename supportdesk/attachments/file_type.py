"""Tells the type of a file from its first bytes, whatever its sender says that it is.

Not with puremagic, which takes any zip archive for a Word document, and does not know a JPEG by its beginning.
"""

from __future__ import annotations

UNKNOWN = "application/octet-stream"

_HEAD = 2_048
_PROGRAM = "application/x-executable"
_SIGNATURES = (
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"#!", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"\xcf\xfa\xed\xfe", _PROGRAM),
    (b"\xce\xfa\xed\xfe", _PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"{\\rtf", "application/rtf"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
)
"""How files begin. Office documents are zip archives, older ones OLE storages: either may contain programs."""

_RIFF = {b"WAVE": "audio/wav", b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}
_MARKUP = (
    (b"<svg", "image/svg+xml"),
    (b"<!doctype html", "text/html"),
    (b"<html", "text/html"),
    (b"<script", "text/html"),
    (b"<?xml", "application/xml"),
)


def sniff_type(data: bytes) -> str:
    """Return the media type that the content of a file shows: one of those above, plain text, or UNKNOWN."""
    head = bytes(data[:_HEAD])
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if not head or any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head):
        return UNKNOWN
    lowered = head.lower()
    return next((media_type for mark, media_type in _MARKUP if mark in lowered), "text/plain")
