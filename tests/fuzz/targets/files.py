"""The small files that the operator and other programs write."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from supportdesk.console.drafts.codec import decode, encode
from supportdesk.console.drafts.draft import UnreadableDraftError
from supportdesk.console.keys.overrides import validate_overrides
from supportdesk.console.preferences.validation import load_validated
from supportdesk.console.theme.user_themes import read_theme
from supportdesk.heartbeat import read_heartbeat, write_heartbeat
from supportdesk.replies.canned_reply import (
    FIELDS,
    CannedReplyError,
    fill_canned_reply,
    load_canned_replies,
)
from supportdesk.settings.files import SettingsFiles
from supportdesk.settings.inbox_marks import InboxMarks
from supportdesk.settings.load import load_settings
from supportdesk.settings.save_view import ViewNotSavedError, save_view
from supportdesk.settings.state import load_state, save_state
from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.sla.mail_kind import MailKind
from supportdesk.sla.policy_file import PolicyError, load_policy
from supportdesk.toml_file.text_fields import fill_fields
from supportdesk.watcher.customer_mail.example import make_example
from supportdesk.watcher.customer_mail.language import MailTextError, read_language
from tests.fuzz.target import Target, as_text, assert_helps, file_target, scratch_folder, text_target

VALUES = {name: f"<{name}>" for name in FIELDS}
NOW = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
REMEDIES = (
    *("correct", "remove", "give", "add", "write", "use", "choose", "must be", "needs", "reduce", "such as"),
    *(
        "is not TOML",
        "is not UTF-8",
        "is not a setting",
        "those are",
        "unknown",
        "name a method",
        "say",
        "type",
    ),
    *("rename", "cannot be", "lists them", "did you mean", "separate", "fields:"),
)


def _assert_fault_lines(path: Path, lines: list[str]) -> None:
    for line in lines:
        assert line.startswith(str(path)), line
        assert_helps(line.removeprefix(str(path)), *REMEDIES)


@file_target("policy", quick=False)
def policies(path: Path) -> None:
    """A policy is usable, or refused with the file, the place and what to do for each fault."""
    try:
        policy = load_policy(path)
    except PolicyError as error:
        _assert_fault_lines(path, str(error).splitlines())
    else:
        for severity in policy.severities:
            assert policy.severity(severity.key) == severity


@file_target("replies")
def canned_replies(path: Path) -> None:
    """A file of canned replies is refused with its place and what to do, or each of its replies can be filled."""
    try:
        replies = load_canned_replies([path])
    except CannedReplyError as error:
        _assert_fault_lines(path, [str(error)])
    else:
        for reply in replies:
            fill_canned_reply(reply, VALUES)


@file_target("mail-texts", quick=False)
def mail_texts(path: Path) -> None:
    """A file of the texts of mail is refused with its place and what to do, or every text in it can be filled."""
    try:
        language = read_language(path)
    except MailTextError as error:
        _assert_fault_lines(path, [str(error)])
    else:
        values = language.write_values(make_example(MailKind.FIX))
        for text in (language.subject, *language.texts.values()):
            fill_fields(text, values)


@file_target("settings", quick=False)
def settings(path: Path) -> None:
    """Faulty settings keep their defaults and have a line each; the console starts whatever is in the file."""
    loaded = load_validated(SettingsFiles(path, path.with_name("none.toml")))
    _assert_fault_lines(path, loaded.fault_lines())
    watcher = load_watcher_settings(path)
    _assert_fault_lines(path, watcher.fault_lines())
    load_state(path)


@file_target("theme", quick=False)
def themes(path: Path) -> None:
    """A theme leaves out the colours that are none."""
    named = path.rename(path.with_name("mine.toml"))
    _assert_fault_lines(named, list(read_theme(named).faults))


@file_target("heartbeat")
def heartbeats(path: Path) -> None:
    """A heartbeat that is read is the same when it is written again; any other file has none."""
    found = read_heartbeat(path)
    if found is None:
        return
    for value in (found.age(NOW), found.is_alive(NOW), found.list_alive(NOW), found.find_methods(NOW)):
        assert value is not None
    write_heartbeat(path, found)
    assert read_heartbeat(path) == found


@file_target("inbox-marks")
def inbox_marks(path: Path) -> None:
    """A damaged file of marks has none, and is written anew."""
    marks = InboxMarks(path)
    marks.mark_done("0123", NOW)
    assert InboxMarks(path).done["0123"] == NOW


def _check_draft(sample: bytes) -> None:
    """A draft that is read is the same when it is saved again; any other file is set aside."""
    try:
        found = decode("draft", sample)
    except UnreadableDraftError:
        return
    assert decode("draft", encode(found)) == found


drafts = Target("draft", _check_draft, text=False)


@text_target("keymap", quick=False)
def keymap(text: str) -> None:
    """Key bindings that would leave a key with two meanings are refused with their place."""
    pairs = (line.partition("=") for line in text.splitlines()[:20])
    overrides = {name.strip(): keys for name, _, keys in pairs}
    good, faults = validate_overrides(overrides)
    assert good.items() <= overrides.items()
    for fault in faults:
        assert fault.place.startswith("$.keys.")
        assert_helps(fault.reason, *REMEDIES)
    assert validate_overrides(good) == (good, [])


@text_target("view", quick=False)
def views(text: str) -> None:
    """A saved view is read again as it was named and written, and nothing else in the file is changed."""
    path = scratch_folder() / "config.toml"
    name, filter_text = (text[: len(text) // 2], text[len(text) // 2 :])
    try:
        save_view(path, name, filter_text)
    except (ViewNotSavedError, UnicodeEncodeError):
        return
    loaded = load_settings(path)
    assert loaded.document["views"] == [{"name": name, "filter": filter_text}], loaded.faults
    state = load_state(path)
    save_state(path, state)
    assert load_state(path) == state


def _check_view_in_a_file(sample: bytes) -> None:
    text = as_text(sample)
    path = scratch_folder() / "config.toml"
    path.write_bytes(sample)
    try:
        save_view(path, "mine", "owner:me")
    except (ViewNotSavedError, UnicodeDecodeError, OSError):
        assert path.read_bytes() == sample
        return
    assert path.read_bytes().startswith(sample), text


view_files = Target("view-file", _check_view_in_a_file, text=False, quick=False)
