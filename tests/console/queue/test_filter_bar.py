"""Typing a filter: suggestions, errors, and the difference between a filter and a search."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.command import CommandInput, CommandList
from textual.events import Paste
from textual.widgets import Static

from supportdesk.console.preferences.validation import load_validated
from supportdesk.console.queue.filter_bar import LONGEST
from supportdesk.console.queue.views import ALL_OPEN, AT_RISK_OR_BREACHED, MINE, ON_HOLD, UNASSIGNED
from supportdesk.settings.files import SettingsFiles
from supportdesk.tickets.documents import Organisation
from tests.console.fixtures.morning import NOW, morning_desk
from tests.console.harness.console import Running, running
from tests.console.harness.dialog import typed_ahead, words
from tests.console.main.test_command_palette import palette
from tests.console.main.test_console import AT_RISK, CRITICAL, RESOLVED, UNOWNED_HIGH

JO, EXPORT = "CD-4C02-Q", "CD-4C03-N"


async def typed(it: Running, *texts: str) -> None:
    """Types after `/`, faster than the screen follows."""
    typed_ahead(it.pilot, "<slash>", *texts)
    await it.pilot.pause()
    await it.until(lambda: it.app.typed.is_idle)
    await it.rest()
    await it.pilot.pause()


def hint(it: Running) -> str:
    """What stands below the line."""
    return it.screen.filter_bar.hint.text


def shown(it: Running) -> set[str]:
    """The references in the queue."""
    return {word for line in it.queue for word in line.split() if word.startswith("CD-")}


async def test_fields_and_values_are_suggested_and_tab_accepts_them_however_fast_the_typing() -> None:
    async with running(morning_desk()) as it:
        await typed(it, "sev", "<tab>", "cr", "<tab>", "own", "<tab>", "pri", "<tab>")
        assert it.screen.filter_bar.text == "severity:critical owner:priya "
        assert shown(it) == {CRITICAL}


async def test_arrows_mark_suggestions_and_the_right_arrow_accepts_one_at_the_end() -> None:
    async with running(morning_desk()) as it:
        await typed(it, "severity:", "<down>")
        assert hint(it).startswith("critical  high  medium  low  change")
        await it.press("down", "down", "up", "right")
        assert it.screen.filter_bar.text == "severity:medium "


async def test_a_click_accepts_a_suggestion() -> None:
    async with running(morning_desk()) as it:
        await typed(it, "severity:")
        place = str(it.screen.filter_bar.hint.render()).index("medium")
        await it.pilot.click(it.screen.filter_bar.hint, offset=(place, 0))
        await it.pilot.pause()
        assert it.screen.filter_bar.text == "severity:medium "


async def test_a_page_pasted_by_mistake_is_not_inserted() -> None:
    async with running(morning_desk()) as it:
        await typed(it, "export")
        it.screen.filter_bar.input.post_message(Paste("severity:high " * 2_000))
        await it.rest()
        assert len(it.screen.filter_bar.text) <= LONGEST
        assert (it.screen.filter_bar.text, shown(it)) == ("export", {EXPORT})


async def test_without_suggestions_an_arrow_returns_to_the_queue_and_the_filter_stays() -> None:
    async with running(morning_desk()) as it:
        await typed(it, "export", "<down>")
        assert it.focus == "queue"
        assert shown(it) == {EXPORT}
        assert "export" in it.screen.filter_bar.text


async def test_enter_applies_the_typed_text_whatever_is_suggested() -> None:
    async with running(morning_desk()) as it:
        await typed(it, "owner:s", "<enter>")
        assert it.focus == "queue"
        assert it.screen.filter_bar.text == "owner:s"
        assert hint(it) == ""


async def test_an_error_is_shown_at_its_place_and_the_rest_of_the_filter_applies() -> None:
    async with running(morning_desk()) as it:
        await typed(it, "severity:critical")
        before = shown(it)
        await typed(it, " sevrity:x")
        assert '^^^^^^^  unknown field "sevrity"; did you mean severity?' in hint(it)
        above, below = (
            it.screen.filter_bar.text.index("sevrity"),
            str(it.screen.filter_bar.hint.render()).index("^"),
        )
        assert below == above + 3
        assert shown(it) == before == {CRITICAL, AT_RISK}


async def test_enter_does_not_apply_a_filter_with_an_error_and_says_what_is_wrong() -> None:
    async with running(morning_desk()) as it:
        await typed(it, "owner:", "<enter>")
        assert it.focus != "queue"
        assert "needs a value, such as me" in hint(it)


@pytest.mark.parametrize("size", [(160, 50), (80, 24)])
async def test_an_error_far_along_a_long_line_is_shown_in_full(size: tuple[int, int]) -> None:
    async with running(morning_desk(), size) as it:
        await typed(it, "acme " * 40, "severity:xyzzy")
        assert 'unknown severity "xyzzy"; use critical, high, medium, low, change' in hint(it)


async def test_a_name_with_an_escape_sequence_is_suggested_as_plain_text() -> None:
    desk = morning_desk()
    hostile = Organisation("acme", "Ac\x1b]2;me\x07[/oops] \u202eLtd")
    organisations = {**desk.records.organisations, "acme": hostile}
    desk.records = replace(desk.records, organisations=organisations)
    async with running(desk) as it:
        await typed(it, "org:ac")
        assert "[/oops]" in hint(it)
        assert not {"\x1b", "\x07", "\u202e"} & set(hint(it))


async def test_a_ticket_enters_a_filter_by_due_time_when_that_is_near_and_not_before() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        due = it.screen.queue.model.index.entries[UNOWNED_HIGH].row.lead.due if it.screen.queue.model else 0
        assert due
        left = due - int(NOW.timestamp())
        await typed(it, f"severity:high due:<{left // 60 - 5}m", "<enter>")
        assert shown(it) == set()
        await it.at(NOW + timedelta(minutes=5))
        assert shown(it) == set()
        await it.at(NOW + timedelta(minutes=5, seconds=61))
        assert shown(it) == {UNOWNED_HIGH}


async def test_a_search_moves_to_a_match_while_all_tickets_stay_and_enter_stays_there() -> None:
    async with running(morning_desk()) as it:
        await it.press("apostrophe", *"export")
        assert it.under_cursor == EXPORT
        assert len(shown(it)) == 13
        await it.press("enter")
        assert (it.focus, it.under_cursor) == ("queue", EXPORT)
        assert not it.screen.filter_bar.is_open


async def test_escape_returns_the_cursor_to_where_the_search_began() -> None:
    async with running(morning_desk()) as it:
        await it.press("j", "apostrophe", *"export", "escape")
        assert (it.focus, it.under_cursor) == ("queue", AT_RISK)


async def test_keys_repeat_the_search_forwards_and_backwards_around_the_end() -> None:
    async with running(morning_desk()) as it:
        await it.press("apostrophe", *"org:acme", "enter")
        places = [it.under_cursor]
        for key in ("f3", "f3", "f3", "f3", "f15"):
            await it.press(key)
            places.append(it.under_cursor)
        assert places == [CRITICAL, JO, "CD-4C08-B", "CD-4C0B-5", CRITICAL, "CD-4C0B-5"]
        assert it.foot.strip() == "Search continued from the bottom."


async def test_a_search_without_a_match_is_reported_and_the_cursor_stays() -> None:
    async with running(morning_desk()) as it:
        await it.press("j", "apostrophe", *"zebra")
        assert it.under_cursor == AT_RISK
        assert "no match" in str(it.screen.filter_bar.query_one(".found", Static).visual)
        await it.press("enter", "f3")
        assert it.foot.strip() == "No ticket in this view matches zebra."


async def test_a_search_does_not_change_the_filter() -> None:
    async with running(morning_desk()) as it:
        await typed(it, "severity:high", "<enter>")
        await it.press("apostrophe", *"stock", "enter")
        assert it.under_cursor == UNOWNED_HIGH
        assert len(shown(it)) == 4
        assert it.screen.filter_bar.text == "severity:high"


async def test_a_reference_can_be_typed_as_a_search() -> None:
    async with running(morning_desk()) as it:
        await it.press("apostrophe", *RESOLVED.lower(), "enter")
        assert it.under_cursor == RESOLVED


async def test_a_misheard_reference_stays_in_the_line_to_be_corrected() -> None:
    async with running(morning_desk()) as it:
        right = EXPORT.lower()
        wrong = right[:-1] + ("w" if right[-1] != "w" else "x")
        await typed(it, wrong, "<enter>")
        assert "check character" in it.screen.foot.message
        assert it.screen.filter_bar.is_typed_in
        await it.press("backspace", right[-1], "enter")
        assert it.under_cursor == EXPORT
        assert it.focus == "queue"


async def test_going_to_a_ticket_that_the_filter_hides_clears_the_filter() -> None:
    async with running(morning_desk()) as it:
        await typed(it, "severity:critical", "<enter>")
        await it.press("apostrophe", *EXPORT.lower(), "enter")
        assert it.under_cursor == EXPORT
        assert not it.screen.filter_bar.is_open
        assert len(shown(it)) == 13


async def test_in_another_view_the_cursor_stays_on_its_ticket_or_returns_to_where_it_was_there() -> None:
    async with running(morning_desk()) as it:
        it.screen.select_view(UNASSIGNED)
        await it.press("G")
        unassigned = it.under_cursor
        it.screen.select_view(MINE)
        await it.press("G")
        mine = it.under_cursor
        it.screen.select_view(ALL_OPEN)
        assert it.under_cursor == mine
        it.screen.select_view(UNASSIGNED)
        assert it.under_cursor == unassigned
        it.screen.select_view(AT_RISK_OR_BREACHED)
        assert it.under_cursor == CRITICAL
        it.screen.select_view(MINE)
        assert it.under_cursor == mine


@pytest.fixture
def files(tmp_path: Path) -> SettingsFiles:
    """A person's own settings, still empty."""
    return SettingsFiles(tmp_path / "config" / "config.toml", tmp_path / "state" / "console.toml")


def write(files: SettingsFiles, text: str) -> None:
    files.config.parent.mkdir(parents=True, exist_ok=True)
    files.config.write_text(text)


async def test_the_operators_own_views_follow_the_others_with_their_counts(files: SettingsFiles) -> None:
    write(files, "[[views]]\nname = 'Acme, grave'\nfilter = 'org:acme severity:critical,high'\n")
    async with running(morning_desk(), files=files) as it:
        assert "Resolved 1" in it.header
        assert "Acme, grave 2" in it.header
        await it.press("V")
        assert (it.view, shown(it)) == ("Acme, grave", {CRITICAL, JO})


async def test_an_own_view_with_names_unknown_to_the_desk_is_skipped_and_reported(
    files: SettingsFiles,
) -> None:
    write(
        files,
        "[[views]]\nname='Bad'\nfilter='team:moon'\n[[views]]\nname='mine'\nfilter='owner:me'\n",
    )
    async with running(morning_desk(), files=files) as it:
        (told,) = [each.message for each in it.app._notifications]
        assert 'the view “Bad” was skipped: unknown team "moon"; use user-support' in told
        assert "there is already a view “mine”; give yours another name" in told
        assert "Bad" not in it.header


def test_an_own_view_with_an_error_is_reported_with_its_line_when_the_settings_are_checked(
    files: SettingsFiles,
) -> None:
    write(files, "[[views]]\nname = 'Bad'\nfilter = 'team:moon sevrity:high'\n")
    (told,) = load_validated(files).fault_lines()
    assert "config.toml, line 3: [[views]] number 1, filter" in told
    assert 'unknown field "sevrity"; did you mean severity?' in told
    assert not load_validated(files).settings.views


async def test_a_filter_saved_as_a_view_is_there_at_once_and_at_the_next_start(
    files: SettingsFiles,
) -> None:
    write(files, 'timezone = "Europe/Paris"  # mine')
    async with running(morning_desk(), files=files) as it:
        await typed(it, "sev:crit,high org:ac")
        await it.press("f6", *"Acme", "space", *"now", "enter")
        await it.until(lambda: bool(it.app._notifications) and "Acme now 2" in it.header)
        assert (it.view, shown(it)) == ("Acme now", {CRITICAL, JO})
        assert not it.screen.filter_bar.is_open
    assert files.config.read_text().startswith('timezone = "Europe/Paris"  # mine\n\n[[views]]\n')
    async with running(morning_desk(), files=files) as it:
        await it.press("V")
        assert (it.view, shown(it)) == ("Acme now", {CRITICAL, JO})


async def test_the_name_of_another_view_is_refused_and_escape_keeps_the_filter() -> None:
    async with running(morning_desk()) as it:
        await typed(it, "export")
        await it.press("f6", *"mine", "enter")
        assert "there is already a view “mine”" in words(it.pilot)
        await it.press("escape")
        assert (it.screen.filter_bar.text, shown(it)) == ("export", {EXPORT})


async def test_a_config_file_that_cannot_be_edited_stays_unchanged_and_the_view_lasts_until_quitting(
    files: SettingsFiles,
) -> None:
    write(files, "views = []\n")
    async with running(morning_desk(), files=files) as it:
        await typed(it, "export")
        await it.press("f6", *"Exports", "enter")
        await it.until(lambda: bool(it.app._notifications))
        (told,) = [each.message for each in it.app._notifications]
        assert told.startswith("The view “Exports” lasts until you quit: ")
        assert it.view == "Exports"
    assert files.config.read_text() == "views = []\n"


async def test_a_view_can_be_selected_in_the_palette_by_its_name() -> None:
    async with palette() as it:
        it.app.screen.query_one(CommandInput).value = "View: On hold"
        offers = it.app.screen.query_one(CommandList)
        await it.until(lambda: [str(each.prompt) for each in offers.options] == ["View: On hold\n1 ticket"])
        await it.press("enter")
        assert it.view == ON_HOLD
