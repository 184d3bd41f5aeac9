"""What comes of the files in a message: their names, types and contents."""

from __future__ import annotations

import hashlib

import pytest

from tests.intake.mail.parsing.samples import HEAD, parsed, sample

PICTURE = "image/png"
PROGRAM = "application/x-executable"


def test_names_have_no_folder_device_control_or_end_that_misleads() -> None:
    files = sample("attachment-names").attachments
    assert [each.name for each in files] == [
        "passwd",  # ../../etc/passwd
        "_CON.txt",  # C:\Users\jo\CON.txt, a device of Windows
        "naïve plan.txt",  # in two pieces, one of them encoded
        "fdp.exe",  # an override of the direction made it read exe.pdf
        "picture.png",
        "log.txt",
        "LOG (2).TXT",  # the same name on some systems
        "_rf",  # an option of a command
        "image-9.gif",  # without a name
        "ä" * 89 + ".docx",  # longer than file systems allow
    ]


def test_what_a_file_is_seen_to_be_is_beside_what_it_is_said_to_be() -> None:
    files = {each.name: each for each in sample("attachment-names").attachments}
    assert (files["fdp.exe"].declared_type, files["fdp.exe"].sniffed_type) == (
        "application/octet-stream",
        PROGRAM,
    )
    assert (files["picture.png"].declared_type, files["picture.png"].sniffed_type) == (
        PICTURE,
        "image/svg+xml",
    )
    assert files["image-9.gif"].sniffed_type == "image/gif"


def test_a_picture_in_the_text_is_a_file_too() -> None:
    picture, invoice = sample("nested").attachments
    assert (picture.name, picture.content_id, picture.is_inline) == ("logo.png", "logo@acme.example", True)
    assert (invoice.name, invoice.sniffed_type, invoice.is_inline) == (
        "invoice.pdf",
        "application/pdf",
        False,
    )
    assert invoice.digest == hashlib.sha256(invoice.content).hexdigest()
    assert invoice.size == len(invoice.content) == 48


def test_what_outlook_packed_is_unpacked() -> None:
    invoice, notes = sample("winmail").attachments
    assert (invoice.name, invoice.sniffed_type, invoice.fault) == ("invoice.pdf", "application/pdf", "")
    assert (notes.name, notes.content) == ("notes.txt", b"Some notes\n")


def test_a_packed_file_that_ends_early_is_remarked() -> None:
    message = sample("winmail-cut")
    assert [each.name for each in message.attachments] == ["invoice.pdf", "notes.txt"]
    assert message.remarks[0].startswith("The attachment invoice.pdf may be damaged: ")
    assert message.text == "See attached."


def test_an_attached_message_has_the_name_of_its_subject() -> None:
    (file,) = sample("forward-attached").attachments
    assert (file.name, file.declared_type) == ("Printer - floor 2.eml", "message/rfc822")


@pytest.mark.parametrize(
    ("encoding", "content", "data", "fault"),
    [
        (b"base64", b"QUJD\nREVG\n", b"ABCDEF", ""),
        (b"base64", b"QUJD!REVG", b"ABCDEF", ""),
        (b"base64", b"QQ==\nQg==\n", b"AB", ""),
        (b"base64", b"QUJDR", b"ABC", "its base64 is damaged"),
        (b"x-uuencode", b"begin 644 a\n#0V%T\n`\nend\n", b"Cat", ""),
        (b"x-uuencode", b"no beginning", b"no beginning", "it has no uuencoded content"),
        (b"binary", b"\xff\0", b"\xff\0", ""),
    ],
)
def test_content_is_decoded_as_far_as_it_can_be(
    encoding: bytes, content: bytes, data: bytes, fault: str
) -> None:
    fields = b"Content-Type: application/x-any; name=a\nContent-Transfer-Encoding: " + encoding
    (file,) = parsed(HEAD + fields + b"\n\n" + content).attachments
    assert (file.content, file.fault) == (data, fault)
