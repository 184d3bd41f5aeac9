"""What a file is, its content tells."""

from __future__ import annotations

import pytest

from supportdesk.attachments.file_type import sniff_type

TEXT = "text/plain"
PROGRAM = "application/x-executable"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"MZ\x90\0", PROGRAM),
        (b"#!/bin/sh\n", PROGRAM),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"PK\x03\x04" + bytes(40), "application/zip"),
        (b"<!DOCTYPE html><p>", "text/html"),
        (b"Some words.\n", TEXT),
        (b"\x01\x02\x03\x04 nothing known", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_a_type_is_told_from_the_first_bytes(data: bytes, media_type: str) -> None:
    assert sniff_type(data) == media_type
