"""An Office document goes under its own type where name and content agree, and as an archive elsewhere."""

from __future__ import annotations

import io
import zipfile

import pytest

from supportdesk.attachments.file_kind import choose_extension, describe_type, find_mismatch
from supportdesk.attachments.office_type import find_media_type
from supportdesk.tickets.attached_file import FileContent, find_fault

ZIP = "application/zip"
XML = "application/vnd.openxmlformats-officedocument"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(8)


def archive(*parts: str, said: str = "", compressed: bool = False) -> bytes:
    """An archive with some parts, and one that says its media type."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as file:
        if said:
            file.writestr("mimetype", said)
        for part in parts:
            file.writestr(part, "x")
    return written.getvalue()


WORD = archive("[Content_Types].xml", "word/document.xml")
TEXT = archive("content.xml", said="application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("name", "content", "media_type", "words"),
    [
        ("Plan.DOCX", WORD, f"{XML}.wordprocessingml.document", "a text document"),
        ("a.xlsx", archive("xl/workbook.xml"), f"{XML}.spreadsheetml.sheet", "a spreadsheet"),
        ("a.pptx", archive("ppt/presentation.xml"), f"{XML}.presentationml.presentation", "a presentation"),
        ("a.odt", TEXT, "application/vnd.oasis.opendocument.text", "a text document"),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), "application/msword", "a text document"),
    ],
    ids=["docx", "xlsx", "pptx", "odt", "doc"],
)
def test_a_document_has_the_type_that_name_and_content_say(
    name: str, content: bytes, media_type: str, words: str
) -> None:
    assert find_media_type(name, content) == media_type
    assert find_fault([FileContent(name, media_type, content)]) == ""
    assert (describe_type(media_type), find_mismatch(name, media_type)) == (words, "")
    assert choose_extension(name, media_type) == name.rpartition(".")[2].lower()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.zip", WORD, ZIP),
        ("docx", WORD, ZIP),
        ("a.xlsx", WORD, ZIP),
        ("a.docx", archive("notes.txt"), ZIP),
        ("a.docx", WORD[:40], ZIP),
        ("a.docx", b"%PDF-1.7", "application/pdf"),
        ("a.docx", b"MZ", "application/x-executable"),
        ("a.ods", TEXT, ZIP),
        ("a.odt", archive(said="application/vnd.oasis.opendocument.text", compressed=True), ZIP),
        ("a.odt", archive(said="x" * 5_000), ZIP),
        ("a.doc", OLE, "application/x-ole-storage"),
    ],
    ids=[
        *("archive", "no-extension", "other-document", "no-document", "damaged", "pdf", "program"),
        *("other-open-document", "compressed-mark", "long-mark", "no-stream"),
    ],
)
def test_what_does_not_agree_is_what_its_first_bytes_say(name: str, content: bytes, media_type: str) -> None:
    assert find_media_type(name, content) == media_type
