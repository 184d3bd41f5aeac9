"""The texts of commands: from the command line or standard input, in any encoding."""

import pytest

from tests.cli.prompt import Prompt


def test_a_text_comes_from_stdin_where_it_is_left_out_or_a_dash(ann: Prompt) -> None:
    ref = ann.log()
    ann.done("note", ref, stdin="from a pipe\nand on\n")
    ann.done("note", ref, "--text", "-", stdin="from a dash")
    told = [entry["sentence"] for entry in ann.ticket(ref)["timeline"]]
    assert told[-2:] == ["note: from a pipe\nand on", "note: from a dash"]


def test_of_a_text_of_many_lines_the_first_is_shown(ann: Prompt) -> None:
    ref = ann.log()
    assert ann.done("note", ref, "--text", "one\ntwo") == f"{ref}  ann  note: one …\n"


def test_an_empty_text_is_refused(ann: Prompt) -> None:
    ref = ann.log()
    assert "the reply is empty" in ann.refused("reply", ref, stdin="")
    assert "the note is empty" in ann.refused("note", ref, "--text", " ")


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (b"caf\xe9 \x80 5", "Windows-1252"),
        ("café € 5".encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + "café € 5".encode("utf-16-be"), "UTF-16"),
        ("café € 5".encode("utf-32"), "UTF-32"),
    ],
)
def test_a_text_in_another_encoding_is_read_in_it_and_reported(
    ann: Prompt, raw: bytes, encoding: str
) -> None:
    ref = ann.log()
    answer = ann("note", ref, stdin=raw)
    assert answer.code == 0
    assert f"Standard input is not in UTF-8; it was read as {encoding}: café" in answer.err
    assert "café € 5" in ann.done("show", ref)


@pytest.mark.parametrize("raw", ["café\r\n5".encode(), "café\n5".encode("utf-8-sig")])
def test_a_text_in_utf_8_is_read_without_a_word(ann: Prompt, raw: bytes) -> None:
    ref = ann.log()
    ann.done("note", ref, stdin=raw)
    assert "café" in ann.done("show", ref)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"caf\xe9 caf\xc3\xa9", "is damaged at byte 4"),
        (b"caf\x81", "is damaged at byte 4"),
        (b"a\0b", "contains a null byte"),
        (b"\x89PNG\0\0", "contains a null byte"),
        (b"\xff\xfea", "is damaged at byte 3"),
    ],
)
def test_what_is_no_text_is_refused_with_what_is_wrong(ann: Prompt, raw: bytes, why: str) -> None:
    ref = ann.log()
    assert why in ann.refused("note", ref, stdin=raw)


def test_an_empty_message_to_the_customer_names_its_option(ann: Prompt) -> None:
    assert "give it with --text" in ann.refused("resolve", ann.log(), "--text", " ")
