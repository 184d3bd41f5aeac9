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

from supportdesk.console.drafts.codec import decode, encode
from supportdesk.console.drafts.draft import Draft, StoredDraft, UnreadableDraftError
from supportdesk.console.drafts.drafts import Drafts
from supportdesk.console.drafts.folder import RETENTION, drafts_at
from supportdesk.console.search.candidate import Candidate
from supportdesk.tickets.documents import Article, Contact, Organisation
from tests.console.fixtures.morning import CONTACTS, ORGANISATIONS
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


def on_disk(place: Path) -> list[str]:
    return [json.loads(path.read_bytes())["typed"].get("text", "") for path in files(place)]


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


def test_half_a_character_keeps_no_draft_from_being_saved(tmp_path: Path) -> None:
    first = reopened(tmp_path)
    first.save("log", "", draft({"text": "half \ud83d of one"}))
    first.save("note", "CD-4C00-W", draft({"text": "words"}))
    first.close()
    assert sorted(on_disk(tmp_path)) == ["half  of one", "words"]


def test_a_value_that_could_not_be_decoded_is_not_written() -> None:
    with pytest.raises(TypeError, match="object"):
        encode(StoredDraft("x", "log", "", draft({"thing": object()})))


@given(content=st.binary(max_size=200))
def test_decoding_any_bytes_raises_only_the_expected_error(content: bytes) -> None:
    with pytest.raises(UnreadableDraftError):
        decode("x", content)


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
