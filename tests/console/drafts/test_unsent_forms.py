"""Unsent forms: saved while they are open, and offered again by the next console."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, Static, TextArea

from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.commands.batch_form import BatchForm
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.drafts.codec import decode
from supportdesk.console.drafts.draft import SEVERAL_TICKETS
from supportdesk.console.forms.form import Form
from supportdesk.console.forms.suggestion_list import SuggestionList
from supportdesk.console.search.candidate import Candidate
from supportdesk.tickets.process.conversation import Note
from tests.console.drafts.test_drafts import NOW, draft, files, on_disk, reopened
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import Running, running
from tests.console.harness.dialog import words


async def typed_a_note(it: Running, words: str) -> None:
    await it.press("i", *words)


async def test_typed_text_is_saved_while_the_form_is_open(tmp_path: Path) -> None:
    async with running(morning_desk(), drafts=tmp_path) as it:
        await typed_a_note(it, "hello")
        await it.until(lambda: on_disk(tmp_path) == ["hello"])


async def test_a_draft_says_what_was_the_last_event_when_it_was_begun(tmp_path: Path) -> None:
    desk = morning_desk()
    async with running(desk, drafts=tmp_path) as it:
        last = desk.queue().seq
        ref, client = it.under_cursor, it.app._client
        assert ref is not None
        assert client is not None
        await typed_a_note(it, "h")
        desk.do_as("priya", Note(ref, "meanwhile"))
        await it.until(lambda: client.watch.seq > last)
        await it.press("i")
        await it.until(lambda: on_disk(tmp_path) == ["hi"])
    (saved,) = files(tmp_path)
    assert decode(saved.stem, saved.read_bytes()).draft.begun == last


async def test_an_interrupted_form_has_a_notice_at_the_next_start_and_is_restored(tmp_path: Path) -> None:
    async with running(morning_desk(), drafts=tmp_path) as it:
        ref = it.under_cursor
        await typed_a_note(it, "hello")
        await it.until(lambda: on_disk(tmp_path) == ["hello"])
        (kept,) = files(tmp_path)
        (tmp_path / "killed").mkdir()
        (tmp_path / "killed" / "n.json").write_bytes(kept.read_bytes())
        await it.press("escape")
    for path in files(tmp_path):
        if path.parent.name != "killed":
            path.unlink()
    async with running(morning_desk(), drafts=tmp_path) as it:
        assert f"{ref}: unfinished note, saved 09:42 GMT F7 continue" in it.notice
        await it.press("down", "f7")
        assert it.app.screen.query_one(TextArea).text == "hello"


async def test_quitting_asks_nothing_if_drafts_are_saved(tmp_path: Path) -> None:
    async with running(morning_desk(), drafts=tmp_path) as it:
        await typed_a_note(it, "hello")
        await it.press("escape")
        await it.pilot.press("q")
        await it.pilot.pause()
        assert not it.app.is_running
    assert on_disk(tmp_path) == ["hello"]


async def test_quitting_asks_if_drafts_cannot_be_saved() -> None:
    async with running(morning_desk()) as it:
        await typed_a_note(it, "hello")
        await it.press("escape", "q")
        assert isinstance(it.app.screen, Confirm)
        assert "note CD-" in words(it.pilot)


async def test_an_open_form_is_saved_to_the_last_letter_when_the_console_ends(tmp_path: Path) -> None:
    async with running(morning_desk(), drafts=tmp_path) as it:
        await typed_a_note(it, "hello")
        await it.app.action_quit()
    assert on_disk(tmp_path) == ["hello"]


async def test_a_sent_form_has_no_notice_at_the_next_start(tmp_path: Path) -> None:
    async with running(morning_desk(), drafts=tmp_path) as it:
        await typed_a_note(it, "hello")
        await it.until(lambda: on_disk(tmp_path) == ["hello"])
        await it.press("f2")
        await it.until(lambda: on_disk(tmp_path) == [])


async def test_a_form_sent_just_before_a_kill_and_again_after_it_is_applied_once(tmp_path: Path) -> None:
    desk = morning_desk()
    async with running(desk, drafts=tmp_path) as it:
        ref = it.under_cursor or ""
        await typed_a_note(it, "hello")
        await it.until(lambda: on_disk(tmp_path) == ["hello"])
        (kept,) = files(tmp_path)
        left_behind = kept.read_bytes()
        await it.press("f2")
        await it.until(lambda: on_disk(tmp_path) == [])
    (tmp_path / "killed").mkdir()
    (tmp_path / "killed" / kept.name).write_bytes(left_behind)
    async with running(desk, drafts=tmp_path) as it:
        await it.press("i", "f2")
        await it.until(lambda: on_disk(tmp_path) == [])
    assert [entry.sentence for entry in desk.ticket(ref).timeline].count("note: hello") == 1


@pytest.mark.parametrize("typed", [{"owner": "not a pair"}, {"note": 7}, {"note": None}])
async def test_a_draft_that_does_not_fit_its_form_is_ignored(tmp_path: Path, typed: dict[str, Any]) -> None:
    drafts = reopened(tmp_path)
    async with running(morning_desk()) as it:
        drafts.save("assign", it.under_cursor or "", draft(typed))
    drafts.close()
    async with running(morning_desk(), drafts=tmp_path) as it:
        await it.press("a")
        form = it.app.screen
        assert isinstance(form, Form)
        assert [each.value for each in form.query(Input)] == ["", ""]
        assert "no longer fits this form" in str(form.query_one(".status").render())


async def test_a_call_draft_that_fits_no_form_is_not_offered(tmp_path: Path) -> None:
    drafts = reopened(tmp_path)
    drafts.save("call", "jo", draft({"summary": 7}))
    drafts.close()
    async with running(morning_desk(), drafts=tmp_path) as it:
        assert "Unfinished call, saved 09:42 GMT F7 continue" in it.notice
        await it.press("n", *"jo")
        assert it.app.screen.query_one(SuggestionList).found[0].name == "Jo Park"


async def test_the_notice_of_an_unfinished_call_names_the_caller(tmp_path: Path) -> None:
    drafts = reopened(tmp_path)
    drafts.save("note", "CD-4C00-W", draft({"text": "x"}, NOW - timedelta(hours=1)))
    who = {"contact": ("Jo", Candidate("jo", "Jo Park")), "organisation": ("", Candidate("acme", "Acme Ltd"))}
    drafts.save("call", "jo", draft(who))
    drafts.close()
    async with running(morning_desk(), drafts=tmp_path) as it:
        assert "Unfinished call, saved 09:42 GMT (Jo Park, Acme Ltd) F7 continue" in it.notice
        assert it.notice.endswith("1 more")


async def test_the_key_of_the_notice_of_an_unfinished_call_continues_its_form(tmp_path: Path) -> None:
    async with running(morning_desk(), drafts=tmp_path) as it:
        await it.press("n", *"jo park")
        await it.until(lambda: bool(it.app.screen.query_one(SuggestionList).found))
        await it.press("enter", "enter")
        await it.until(lambda: isinstance(it.app.screen, LogRequestForm))
        await it.press(*"Labels are late", "escape", "escape")
    async with running(morning_desk(), drafts=tmp_path) as it:
        await it.until(lambda: "Unfinished call" in it.notice)
        await it.press("f7")
        await it.until(lambda: isinstance(it.app.screen, LogRequestForm))
        assert it.app.screen.query_one("#summary Input", Input).value == "Labels are late"
        assert "Jo Park" in "".join(
            str(each.visual) for each in it.app.screen.query(".title").results(Static)
        )


async def test_the_notice_of_a_draft_for_several_tickets_says_how_to_continue_it(tmp_path: Path) -> None:
    drafts = reopened(tmp_path)
    drafts.save("severity", SEVERAL_TICKETS, draft({"reason": "x"}))
    drafts.close()
    async with running(morning_desk(), drafts=tmp_path) as it:
        told = (
            "Unfinished change of severity for several tickets, saved 09:42 GMT: mark tickets to continue it"
        )
        assert f"{told} F12 dismiss" in it.notice
        await it.press("f7")
        assert "There is nothing to do from this notice; dismiss it (F12)." in it.notice
        await it.press("f12", "space", "space", "s")
        await it.until(lambda: isinstance(it.app.screen, BatchForm))
        assert it.app.screen.query_one("#reason Input", Input).value == "x"
