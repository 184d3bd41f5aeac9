"""Text from outside cannot control the terminal that shows it."""

import contextlib
import fcntl
import json
import os
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from supportdesk.cli.commands import show
from supportdesk.cli.table import width
from tests.cli.prompt import TREE, Prompt, call_in_a_shell

HOSTILE = "[/oops] [@click=app.quit]x[/] \x1b]0;x\x07 \x1b[2J \x9b31m \u202edesrever \u2066x\u2069 \r\x08 end"
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def ref(ann: Prompt) -> str:
    """A ticket whose every text is hostile."""
    logged = ann(
        "log", "--severity", "high", "--channel", "email", "--organisation", f"Evil {HOSTILE}",
        "--contact", f"Eve {HOSTILE}", "--summary", HOSTILE, "--description", f"{HOSTILE}\n{HOSTILE}",
        "--new-organisation", "--json",
    ).json  # fmt: skip
    for line in (["reply", "--text", HOSTILE], ["note", "--text", HOSTILE], ["wait", "--reason", HOSTILE]):
        verb, *more = line
        assert not FORBIDDEN.search(ann.done(verb, logged["ref"], *more))
    return str(logged["ref"])


@pytest.mark.parametrize("line", [["queue"], ["show"], ["explain"], ["queue", "--json"], ["show", "--json"]])
def test_no_control_byte_reaches_the_terminal(ann: Prompt, ref: str, line: list[str]) -> None:
    command, *more = line
    told = ann.done(command, *([] if command == "queue" else [ref]), *more)
    assert "oops" in told or command == "explain"
    assert not FORBIDDEN.search(told)


def test_the_words_are_still_there(ann: Prompt, ref: str) -> None:
    assert "[/oops] [@click=app.quit]x[/] ]0;x" in ann.done("show", ref)


def test_a_refusal_repeats_no_control_byte(ann: Prompt, ref: str) -> None:
    told = ann.refused("log", "--severity", HOSTILE, "--channel", "email", "--organisation", f"Evil {HOSTILE}",
                       "--contact", "x", "--summary", "x")  # fmt: skip
    assert not FORBIDDEN.search(told)
    told = ann.refused("log", "--severity", "high", "--channel", "email", "--organisation", "Evil",
                       "--contact", "x", "--summary", "x")  # fmt: skip
    assert "oops" in told
    assert not FORBIDDEN.search(told)


def test_what_got_into_the_database_by_another_way_does_nothing_either(
    ann: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = ann.log()
    monkeypatch.setattr(show, "describe_clock", lambda *_: HOSTILE)
    told = ann.done("show", ref)
    assert "oops" in told
    assert not FORBIDDEN.search(told)


def test_json_is_ascii_and_reads_back_as_it_was(ann: Prompt) -> None:
    ref = ann.log(summary="Zoë’s 東京 report")
    out = ann.done("show", ref, "--json")
    assert out.isascii()
    assert json.loads(out)["summary"] == "Zoë’s 東京 report"


def test_a_terminal_that_knows_only_ascii_gets_a_likeness_and_no_error(ann: Prompt, tmp_path: Path) -> None:
    ref = ann.log(summary="Zoë’s report – again")
    answer = call_in_a_shell("--db", ann.address, "show", ref, PYTHONIOENCODING="ascii")
    assert answer.code == 0
    assert "report" in answer.out


def test_an_argument_in_another_encoding_is_read_in_it_and_reported(ann: Prompt) -> None:
    customer = ("--organisation", "Acme Ltd", "--contact", "Jo Park", "--channel", "phone")
    answer = ann("log", "--severity", "high", *customer, "--summary", "caf\udce9")
    assert answer.code == 0
    assert answer.err == "An argument is not in UTF-8; it was read as Windows-1252: café.\n"
    assert ann.ticket(answer.out.splitlines()[0])["summary"] == "café"


def test_a_name_in_another_encoding_is_repeated_and_found_with_all_its_letters(ann: Prompt) -> None:
    assert ann("organisation", "add", "M\udcfcller").out == "Müller is added.\n"
    assert ann("contact", "add", "J\udcf6rg", "--organisation", "M\udcfcller").out == "Jörg is registered.\n"
    assert (
        ann("organisation", "change", "M\udcfcller", "--name", "M\udcfcller AG").out
        == "Müller AG is changed.\n"
    )
    assert "Jörg" in ann("contact", "list", "M\udcfcller AG").out


def on_a_terminal(*arguments: str, wide: int) -> str:
    """What a call sends to a terminal of so many columns."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, wide, 0, 0))
    line = [sys.executable, "-m", "supportdesk", *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    sent = b""
    with subprocess.Popen(
        line, cwd=TREE, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as program:
        os.close(theirs)
        # Reading a pseudo-terminal whose other end is closed raises an error.
        with contextlib.suppress(OSError):
            while chunk := os.read(ours, 4096):
                sent += chunk
    os.close(ours)
    assert program.returncode == 0
    return sent.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("wide", [80, 160])
def test_on_a_terminal_no_line_of_the_queue_is_wider_and_none_sends_a_control_byte(
    ann: Prompt, ref: str, wide: int
) -> None:
    ann.log(summary="東京 " * 40)
    told = on_a_terminal("--db", ann.address, "queue", wide=wide)
    assert ref in told
    assert not FORBIDDEN.search(told)
    assert wide - 1 <= max(width(line) for line in told.splitlines()) <= wide
