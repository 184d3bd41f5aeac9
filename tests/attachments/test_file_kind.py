"""What a file is said to be comes from its content, and a name that says something else is said to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.attachments.file_kind import (
    choose_extension,
    describe_type,
    find_mismatch,
    is_program,
)
from supportdesk.attachments.file_type import sniff_type

OFFICE = b"PK\x03\x04" + bytes(40)
PROGRAM = b"MZ\x90\0"
PDF = b"%PDF-1.7\n"
PNG = b"\x89PNG\r\n\x1a\n"
WORDS = b"Some words.\n"
UNKNOWN = b"\x01\x02\x03\x04 nothing known"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.pdf", PDF),
        ("REPORT.PDF", PDF),
        ("letter.docx", OFFICE),
        ("log", WORDS),
        ("trace.log", WORDS),
        ("notes.unheard-of", WORDS),
        ("mail.eml", WORDS),
        ("page.html", WORDS),
        ("film.mov", b"\0\0\0\x20ftypqt  "),
        ("drawing.dwg", UNKNOWN),
        ("setup.exe", PROGRAM),
        ("run.sh", b"#!/bin/sh\n"),
        ("run.py", WORDS),
    ],
)
def test_a_name_that_says_what_the_content_is_is_not_remarked(name: str, content: bytes) -> None:
    assert find_mismatch(name, sniff_type(content)) == ""


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("invoice.pdf", PROGRAM, "Its name says that it is a PDF document, but its content is a program."),
        (
            "photo.jpg",
            b"#!/bin/sh\n",
            "Its name says that it is a JPEG picture, but its content is a program.",
        ),
        ("photo.jpg", PNG, "Its name says that it is a JPEG picture, but its content is a PNG picture."),
        (
            "picture.png",
            b"<svg>",
            "Its name says that it is a PNG picture, but its content is an SVG picture.",
        ),
        ("notes.txt", PROGRAM, "Its name says that it is a plain text, but its content is a program."),
        (
            "invoice.pdf",
            UNKNOWN,
            "Its name says that it is a PDF document, but its content is of an unknown kind.",
        ),
        ("update.exe", PDF, "Its name says that it is a program, but its content is a PDF document."),
    ],
)
def test_a_name_that_says_something_else_is_remarked(name: str, content: bytes, said: str) -> None:
    assert find_mismatch(name, sniff_type(content)) == said


@pytest.mark.parametrize(
    ("name", "content", "extension"),
    [
        ("letter.DOCX", OFFICE, "docx"),
        ("invoice.exe", PDF, "pdf"),
        ("picture.png", b"<svg>", "svg"),
        ("start.desktop", b"[Desktop Entry]\nExec=rm\n", "txt"),
        ("macro.vbs", WORDS, "txt"),
        ("tool.jar", OFFICE, "zip"),
        ("page.txt", b"<html>", "txt"),
        ("invoice.pdf", PROGRAM, ""),
        ("invoice.exe", PROGRAM, ""),
        ("invoice.pdf", UNKNOWN, ""),
    ],
)
def test_a_program_gets_a_file_under_an_extension_that_its_content_has(
    name: str, content: bytes, extension: str
) -> None:
    assert choose_extension(name, sniff_type(content)) == extension


def test_programs_and_shortcuts_are_told_from_all_else() -> None:
    contents = (PROGRAM, b"#!/bin/sh\n", b"\x7fELF", b"L\0\0\0\x01\x14\x02\0", PDF, OFFICE, WORDS, UNKNOWN)
    assert [is_program(sniff_type(each)) for each in contents] == [True] * 4 + [False] * 4
    assert describe_type(sniff_type(OFFICE)) == "an archive or an Office document"


@given(st.text(max_size=30), st.sampled_from([PDF, OFFICE, PROGRAM, WORDS, UNKNOWN]))
def test_no_name_chooses_an_extension_that_starts_a_program(name: str, content: bytes) -> None:
    extension = choose_extension(name, sniff_type(content))
    assert extension == "" or (extension.isascii() and extension.isalnum())
    assert extension not in {
        "exe",
        "com",
        "scr",
        "lnk",
        "desktop",
        "jar",
        "js",
        "vbs",
        "bat",
        "sh",
        "py",
        "msi",
    }
