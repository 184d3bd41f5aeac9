"""Two people, two terminals, one desk."""

import json
import re
from pathlib import Path

import pytest

from tests import databases
from tests.terminal.conftest import Command, Console

SIZES = [(160, 50), pytest.param(80, 24, marks=pytest.mark.long)]
REF = re.compile("CD-[0-9A-Z]{4,}-[0-9A-Z]")


def first_ref(desk: Command, *, owner: str | None) -> str:
    """The most urgent ticket that has this owner; nobody for None."""
    rows = json.loads(desk("queue", "--json"))
    return str(next(row["ref"] for row in rows if row["owner"] == owner))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_what_one_console_does_the_other_shows(
    desk: Command, console: Console, width: int, height: int
) -> None:
    ref = first_ref(desk, owner=None)
    with (
        console(width=width, height=height) as mine,
        console("--as", "priya", width=width, height=height) as hers,
    ):
        for screen in (mine, hers):
            screen.wait_for_line("▌", "CD-")
        for screen in (mine, hers):
            screen.press("/")
            screen.type(ref)
            screen.press("Enter")
            screen.wait_for_line("▌", ref)
        hers.press("c")
        mine.wait_for_line("▌", ref, "Priya")
        mine.press("c")
        mine.wait_for("claimed it")


def test_a_ticket_logged_by_a_script_is_seen_in_the_console(desk: Command, console: Console) -> None:
    with console() as screen:
        screen.wait_for_line("▌", "CD-")
        desk(
            *("log", "--severity", "critical", "--channel", "hotline", "--organisation", "Brand New Ltd"),
            *("--new-organisation", "--contact", "Zoe Quill", "--summary", "Nothing prints anywhere"),
        )
        screen.wait_for("paging", "Nothing pri")


def test_the_timers_tick(desk: Command, console: Console) -> None:
    with console() as screen:
        first = screen.wait_for("CRITICAL", "breached")
        rows = first.splitlines()
        burning = next(index for index, row in enumerate(rows) if "✖" in row)
        screen.wait_for("CRITICAL", without=rows[burning].rstrip())


def test_escape_never_leaves_and_q_does(desk: Command, console: Console) -> None:
    with console(width=80, height=24) as screen:
        screen.wait_for_line("▌", "CD-")
        screen.press("Escape")
        screen.press("?")
        screen.wait_for("The keys that work here")
        screen.press("Escape")
        assert not screen.has_ended
        screen.wait_for("CRITICAL", without="The keys that work here")
        screen.press("q")
        screen.wait_for_end()


def ticket_shown(screen: str) -> str | None:
    """The ticket under the cursor, once the pane beside the queue shows it, too; figures may tick on meanwhile."""
    halves = [line.partition("│") for line in screen.splitlines()]
    chosen = next((REF.search(queue) for queue, _, _ in halves if "▌" in queue), None)
    beside = next(filter(None, (REF.search(pane) for _, _, pane in halves)), None)
    return chosen[0] if chosen and beside and chosen[0] == beside[0] else None


def test_a_terminal_made_too_small_says_what_it_needs_and_comes_back_as_it_was(
    desk: Command, console: Console
) -> None:
    with console() as screen:
        first = screen.wait_until(ticket_shown, "waited for a ticket beside the queue")
        screen.press("j")
        second = screen.wait_until(
            lambda shown: ref if (ref := ticket_shown(shown)) != first else None, "waited for the next ticket"
        )
        screen.resize(40, 10)
        screen.wait_for("needs more room")
        screen.resize(160, 50)
        assert screen.wait_until(ticket_shown, "waited for a ticket beside the queue") == second


@pytest.mark.sqlite
def test_the_last_queue_stays_while_the_database_is_away_and_is_live_again_when_it_is_back(
    desk: Command, console: Console, environment: dict[str, str]
) -> None:
    file = Path(environment["SUPPORTDESK_DB"])
    away = file.with_suffix(".away")
    with console() as screen:
        screen.wait_for_line("▌", "CD-")
        file.rename(away)
        screen.wait_for("stale since", "CRITICAL")
        screen.press("c")
        screen.wait_for("stale since")
        away.rename(file)
        screen.wait_for("CRITICAL", without="stale since")


def test_a_first_start_without_a_desk_says_what_to_do(supportdesk: Command, console: Console) -> None:
    with console(width=80, height=24) as screen:
        said = "Create one with" if databases.chosen_kind() == databases.SQLITE else "for a new desk"
        screen.wait_for(said, "init`")


def test_what_is_typed_in_one_burst_goes_to_the_form_that_it_opens_even_while_the_desk_opens(
    desk: Command, console: Console
) -> None:
    before = desk("queue", "--json")
    with console() as screen:
        screen.wait_for_line("supportdesk")
        screen.type("iacre")
        screen.wait_for("acre", "Add a note")
    assert owners(desk("queue", "--json")) == owners(before)


def owners(queue: str) -> dict[str, str]:
    return {row["ref"]: row["owner"] for row in json.loads(queue)}
