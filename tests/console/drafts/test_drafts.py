"""Unsent text survives the console, however it ends, and only its author can read it."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input, Static, TextArea

from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.commands.batch_form import BatchForm
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.drafts.codec import decode, encode
from supportdesk.console.drafts.draft import SEVERAL_TICKETS, Draft, StoredDraft, UnreadableDraftError
from supportdesk.console.drafts.drafts import Drafts
from supportdesk.console.drafts.folder import RETENTION, drafts_at
from supportdesk.console.forms.form import Form
from supportdesk.console.forms.suggestion_list import SuggestionList
from supportdesk.console.search.candidate import Candidate
from supportdesk.tickets.documents import Article, Contact, Organisation
from tests.console.fixtures.morning import CONTACTS, ORGANISATIONS, morning_desk
from tests.console.harness.console import Running, running
from tests.console.harness.dialog import words
from tests.patience import wait_for

NOW = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
TYPED: dict[str, Any] = {
    "text": "It stops at 40 %\nand hums",
    "contact": ("Jo Park", Candidate("jo", "Jo Park", "super user", record=CONTACTS[0])),
    "organisation": ("", None),
    "severity": None,
    "confirmed": True,
    "row": 3,
    "began_at": NOW,
}


def draft(typed: dict[str, Any] | None = None, left_at: datetime = NOW) -> Draft:
    return Draft(TYPED if typed is None else typed, left_at)


def reopened(place: Path, now: datetime = NOW) -> Drafts:
    drafts, faults = drafts_at(place, now)
    assert faults == []
    return drafts


def files(place: Path) -> list[Path]:
    return sorted(place.rglob("*.json"))


def test_a_draft_is_restored_in_the_next_console(tmp_path: Path) -> None:
    first = reopened(tmp_path)
    first.save("log", "", draft())
    first.close()
    second = reopened(tmp_path)
    assert second.find("log", "") == draft()
    assert second.unsent == [("log", "")]


def test_a_sent_form_leaves_no_file(tmp_path: Path) -> None:
    drafts = reopened(tmp_path)
    drafts.save("log", "", draft())
    drafts.discard("log", "")
    drafts.close()
    assert list(tmp_path.iterdir()) == []


def test_only_their_owner_can_read_drafts(tmp_path: Path) -> None:
    drafts = reopened(tmp_path / "drafts")
    drafts.save("log", "", draft())
    drafts.close()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "drafts").rglob("*")}
    (own,) = (tmp_path / "drafts").iterdir()
    assert modes.pop(own.name) == stat.S_IMODE((tmp_path / "drafts").stat().st_mode) == 0o700
    assert set(modes.values()) == {0o600}


def test_the_drafts_of_a_running_console_are_not_adopted(tmp_path: Path) -> None:
    first, second = reopened(tmp_path), reopened(tmp_path)
    first.save("log", "", draft({"text": "mine"}))
    second.save("log", "", draft({"text": "yours"}))
    third = reopened(tmp_path)
    assert third.unsent == []
    first.close()
    second.close()
    assert len(files(tmp_path)) == 2


def test_the_drafts_of_two_ended_consoles_are_both_adopted(tmp_path: Path) -> None:
    for minutes, text in ((0, "older"), (5, "newer")):
        console = reopened(tmp_path)
        console.discard("log", "")
        console.save("log", "", draft({"text": text}, NOW + timedelta(minutes=minutes)))
        console.close()
        if text == "older":
            (kept,) = files(tmp_path)
            kept.rename(tmp_path / "elsewhere")
    (tmp_path / "another").mkdir()
    (tmp_path / "elsewhere").rename(tmp_path / "another" / "older.json")
    drafts = reopened(tmp_path)
    found = []
    while (left := drafts.find("log", "")) is not None:
        found.append(left.typed["text"])
        drafts.discard("log", "")
    assert found == ["newer", "older"]


def test_a_draft_older_than_a_month_is_deleted(tmp_path: Path) -> None:
    drafts = reopened(tmp_path)
    drafts.save("log", "", draft())
    drafts.close()
    assert reopened(tmp_path, NOW + RETENTION + timedelta(seconds=1)).unsent == []
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\x00" * 4096,
        b"[]",
        b'{"verb":"log","ref":"","left_at":"2026-11-24T09:42:00","typed":{}}',
        b'{"verb":"log","ref":"","left_at":"2026-11-24T09:42:00Z","typed":{"a":{"eval":"1"}}}',
        b'{"verb":"log","ref":"","left_at":"2026-11-24T09:42:00Z","typed":{"a":1.5}}',
        b'{"verb":"log","ref":"","left_at":"2026-11-24T09:42:00Z","typed":{"a":{"contact":{"key":1}}}}',
        b'{"verb":"log","ref":"","left_at":"2026-11-24T09:42:00Z","typed":{"a":' + b"[" * 5000 + b"]" * 5000 + b"}}",
        b'{"verb":"log","ref":"","left_at":"2026-11-24T09:42:00Z","typed":{"a":"' + b"x" * (5 << 20) + b'"}}',
    ],
)  # fmt: skip
def test_a_draft_that_cannot_be_read_is_set_aside_with_a_message(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "gone").mkdir()
    (tmp_path / "gone" / "poisoned.json").write_bytes(content)
    drafts, faults = drafts_at(tmp_path, NOW)
    assert drafts.unsent == []
    assert "could not be read" in faults[0]
    assert (tmp_path / "unreadable" / "poisoned.json").read_bytes() == content
    drafts.close()
    assert drafts_at(tmp_path, NOW)[1] == [], "it is said once"


def test_a_draft_that_is_a_link_or_a_pipe_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    secret = tmp_path / "secret"
    secret.write_bytes(encode(StoredDraft("x", "log", "", draft())))
    (tmp_path / "gone" / "link.json").symlink_to(secret)
    os.mkfifo(tmp_path / "gone" / "pipe.json")
    drafts, faults = drafts_at(tmp_path, NOW)
    assert drafts.unsent == []
    assert len(faults) == 2


def test_if_drafts_cannot_be_saved_the_console_says_so_and_works(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    drafts, faults = drafts_at(tmp_path / "file" / "drafts", NOW)
    assert "lost when you quit" in faults[0]
    drafts.save("log", "", draft())
    assert drafts.find("log", "") == draft()
    assert drafts.is_volatile


def test_a_failed_write_leaves_the_previous_draft_intact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = reopened(tmp_path)
    drafts.save("log", "", draft({"text": "first"}))
    eventually(lambda: on_disk(tmp_path) == ["first"])

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        drafts.save("log", "", draft({"text": "second"}))
        eventually(lambda: drafts.is_volatile)
    drafts.close()
    (kept,) = files(tmp_path)
    assert decode("x", kept.read_bytes()).draft.typed == {"text": "first"}


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until the writing thread has brought something about."""
    wait_for(holds, lambda: "it never came to hold")


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=5,
)


@given(
    typed=st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=9), VALUES, max_size=4),
    verb=st.sampled_from(["log", "reply"]),
)
def test_typed_text_is_restored_except_for_control_characters(typed: dict[str, Any], verb: str) -> None:
    once = encode(StoredDraft("x", verb, "CD-4C00-W", draft(typed)))
    back = decode("x", once)
    assert decode("x", encode(back)) == back, "what is plain comes back as it is"
    assert (back.verb, back.ref, back.draft.left_at) == (verb, "CD-4C00-W", NOW)
    assert back.draft.typed.keys() == typed.keys()


@pytest.mark.parametrize(
    "document", [CONTACTS[0], ORGANISATIONS[0], Article("KB-1", "Printing"), None], ids=repr
)
def test_a_picked_person_is_restored_with_all_details(
    document: Contact | Organisation | Article | None,
) -> None:
    typed = {"who": ("x", Candidate("k", "N", "note", new=True, record=document))}
    assert decode("x", encode(StoredDraft("x", "log", "", draft(typed)))).draft.typed == typed


def test_a_time_and_a_day_are_restored_with_their_meaning() -> None:
    typed = {"at": ("20 min ago", NOW), "day": ("tomorrow", NOW.date())}
    assert decode("x", encode(StoredDraft("x", "log", "", draft(typed)))).draft.typed == typed


def test_control_characters_are_removed_from_a_draft() -> None:
    typed = {"who": ("\x1b]0;x\x07", Candidate("k", "N\u202e\x1b[2J", record=Contact("k", "o", "Jo\x9b5m")))}
    back = decode("x", encode(StoredDraft("x", "log", "", draft(typed)))).draft.typed["who"]
    assert back == ("]0;x", Candidate("k", "N[2J", record=Contact("k", "o", "Jo5m")))


def test_a_value_that_could_not_be_decoded_is_not_written() -> None:
    with pytest.raises(TypeError, match="object"):
        encode(StoredDraft("x", "log", "", draft({"thing": object()})))


@given(content=st.binary(max_size=200))
def test_decoding_any_bytes_raises_only_the_expected_error(content: bytes) -> None:
    with pytest.raises(UnreadableDraftError):
        decode("x", content)


# In the console.


async def typed_a_note(it: Running, words: str) -> None:
    await it.press("i", *words)


def on_disk(place: Path) -> list[str]:
    return [json.loads(path.read_bytes())["typed"].get("text", "") for path in files(place)]


async def test_typed_text_is_saved_while_the_form_is_open(tmp_path: Path) -> None:
    async with running(morning_desk(), drafts=tmp_path) as it:
        await typed_a_note(it, "hello")
        await it.until(lambda: on_disk(tmp_path) == ["hello"])


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


def test_each_draft_has_its_own_command_id_which_does_not_change() -> None:
    drafts = Drafts()
    assert drafts.command_id("log", "") is None
    drafts.save("log", "", draft({"text": "one"}))
    first = drafts.command_id("log", "")
    drafts.save("log", "", draft({"text": "another"}))
    assert drafts.command_id("log", "") == first
    drafts.discard("log", "")
    drafts.save("log", "", draft({"text": "the next"}))
    assert drafts.command_id("log", "") not in {None, first}


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
