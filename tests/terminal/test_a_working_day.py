"""From the first key to the last in a real terminal: start, work, resize, narrow, quit, and what is left of it."""

from __future__ import annotations

import json
import re

import pytest

from tests.terminal.conftest import Command, Console
from tests.terminal.tmux import Terminal

WIDE, SMALL, TOO_SMALL = (160, 50), (80, 24), (40, 10)
TONE = re.compile(r"[34]8;2;(\d+);(\d+);(\d+)")
PALETTE = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-7]|4[0-7]|9[0-7]|10[0-7]|[34]8;5;\d+)m")


def row_under_cursor(screen: Terminal) -> str:
    """The reference of the ticket that the cursor is on."""
    found = re.search("CD-[0-9A-Z]{4,}-[0-9A-Z]", screen.wait_for_line("▌", "CD-"))
    assert found
    return found[0]


def a_call(screen: Terminal) -> None:
    """Logs a new High of a known caller, and reads its reference back."""
    screen.press("n")
    screen.wait_for("Caller")
    screen.type("zoe")
    screen.wait_for("Zoe Quill", "Zenith plc")
    screen.press("Enter")
    screen.wait_for("New request")
    screen.press("Enter")
    screen.wait_for("Summary")
    screen.type("Labels print twice")
    screen.press("Enter", "2", "F2")
    screen.wait_for("Ticket logged", "We will respond by")
    screen.press("Enter")
    screen.wait_for("CRITICAL", "Labels print twice", without="Ticket logged")


def a_note_on_several(screen: Terminal) -> None:
    """Marks the first two tickets and writes the same note on both."""
    screen.press("g", "Space", "Space")
    screen.wait_for("2 marked")
    screen.press("i")
    screen.wait_for("Add a note: 2 tickets")
    screen.type("They were told.")
    screen.press("F2")
    screen.wait_for("CRITICAL", without="Add a note: 2 tickets")


def notes(desk: Command, ref: str) -> list[str]:
    """What was written on a ticket for colleagues."""
    timeline = json.loads(desk("show", ref, "--json"))["timeline"]
    return [
        entry["sentence"].removeprefix("note: ")
        for entry in timeline
        if entry["sentence"].startswith("note: ")
    ]


@pytest.fixture
def known_caller(desk: Command) -> Command:
    """The filled desk, with Zoe of Zenith, who has never rung before."""
    desk("organisation", "add", "Zenith plc")
    desk("contact", "add", "Zoe Quill", "--organisation", "Zenith plc", "--telephone", "020 7946 0777")
    return desk


@pytest.mark.straggler
def test_a_day_is_worked_in_terminals_of_all_sizes_and_nothing_of_it_is_lost(
    known_caller: Command, console: Console
) -> None:
    urgent = [row["ref"] for row in json.loads(known_caller("queue", "--json"))][:2]
    with console() as screen:
        a_call(screen)
        a_note_on_several(screen)
        ref = row_under_cursor(screen)

        screen.press("b")
        screen.wait_for("Board", "ATTAINMENT", "RECEIVED AND RESOLVED")
        screen.resize(*SMALL)
        screen.wait_for("Month", "Breaches", "Load", "Flow")
        screen.resize(*TOO_SMALL)
        screen.wait_for("needs more room")
        screen.resize(*WIDE)
        screen.wait_for("ATTAINMENT", "RECEIVED AND RESOLVED", without="needs more room")
        screen.press("Escape")

        screen.wait_for("CRITICAL", "│")
        screen.resize(*SMALL)
        screen.wait_for("CRITICAL", without="│")
        assert row_under_cursor(screen) == ref
        screen.resize(*TOO_SMALL)
        screen.wait_for("needs more room")
        screen.resize(*WIDE)
        screen.wait_for("CRITICAL", "│", "Labels print twice")
        assert row_under_cursor(screen) == ref
        screen.press("q")
        screen.wait_for_end()

    assert [notes(known_caller, each)[-1] for each in urgent] == ["They were told."] * 2
    logged = [
        row for row in json.loads(known_caller("queue", "--json")) if row["organisation"] == "Zenith plc"
    ]
    assert [(row["summary"], row["severity"]) for row in logged] == [("Labels print twice", "high")]
    assert "The ledger is intact" in known_caller("verify")


def test_a_page_is_answered_on_the_smallest_screen(desk: Command, console: Console) -> None:
    ref = json.loads(desk("queue", "--json"))[0]["ref"]
    with console("open", ref, width=80, height=24) as screen:
        screen.wait_for(ref, "Problem", "Received", "Reached on", "Resolution")
        screen.press("i")
        screen.wait_for("Write an internal note")
        screen.type("Looking at it.")
        screen.press("F2")
        screen.wait_for("Looking at it.", without="Write an internal note")
        screen.press("Escape")
        screen.wait_for("CRITICAL")
        screen.press("q")
        screen.wait_for_end()
    assert "Looking at it." in notes(desk, ref)


@pytest.mark.parametrize(("width", "height"), [WIDE, SMALL])
def test_without_colour_the_terminal_is_sent_nothing_but_greys(
    desk: Command, console: Console, environment: dict[str, str], width: int, height: int
) -> None:
    environment["NO_COLOR"] = "1"
    with console(width=width, height=height) as screen:
        screen.wait_for("CRITICAL", "breached")
        painted = screen.painted()
    tones = TONE.findall(painted)
    assert tones
    assert not [tone for tone in tones if len(set(tone)) > 1]
    assert not PALETTE.findall(TONE.sub("", painted))


def test_in_the_plainest_locale_the_console_starts_and_shows_its_queue(
    desk: Command, console: Console, environment: dict[str, str]
) -> None:
    environment |= {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": ""}
    with console(width=80, height=24) as screen:
        screen.wait_for("CRITICAL", "breached", "CD-")
        screen.press("q")
        screen.wait_for_end()
