"""A maildir is read although others read it too, and what is accounted for leaves it."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from supportdesk.intake.mail.maildir import UnreadableFile, is_maildir, list_deliveries, move_handled


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "box"
    mailbox.Maildir(made, create=True)
    return made


def put(folder: Path, name: str, content: bytes = b"Subject: x\n\n", at: str = "new") -> Path:
    path = folder / at / name
    path.write_bytes(content)
    return path


def listed(folder: Path) -> list[str]:
    return [
        each.path.name if isinstance(each, UnreadableFile) else each[1].identity
        for each in list_deliveries(folder)
    ]


def test_what_is_new_and_what_another_program_has_shown_is_listed_as_it_was_delivered(folder: Path) -> None:
    put(folder, "1700000002.M2.host")
    put(folder, "1700000001.M1.host:2,S", at="cur")
    put(folder, "1700000003.M3.host", at="tmp")
    put(folder, ".1700000000.hidden")
    assert listed(folder) == ["1700000001.M1.host", "1700000002.M2.host"]


def test_what_is_handled_is_a_message_of_the_subfolder_that_was_read(folder: Path) -> None:
    put(folder, "1700000002.M2.host", b"Subject: two\n\n")
    put(folder, "1700000001.M1.host:2,F", b"Subject: one\n\n", at="cur")
    for found in list(list_deliveries(folder)):
        assert not isinstance(found, UnreadableFile)
        move_handled(folder, found[0])
    assert listed(folder) == []
    handled = mailbox.Maildir(folder).get_folder("Handled")
    assert sorted(message["Subject"] for message in handled) == ["one", "two"]
    assert sorted(message.get_flags() for message in handled) == ["F", "S"]


def test_what_another_intake_has_moved_is_no_failure(folder: Path) -> None:
    path = put(folder, "1700000001.M1.host")
    move_handled(folder, path)
    move_handled(folder, path)


def test_what_is_no_file_is_left_alone(folder: Path) -> None:
    (folder / "new" / "1700000001.loop").symlink_to(folder / "new" / "nothing")
    put(folder, "1700000002.M2.host")
    (folder / "new" / "1700000003.folder").symlink_to(folder)
    assert listed(folder) == ["1700000002.M2.host"]


def test_only_a_folder_with_new_and_cur_is_a_maildir(folder: Path, tmp_path: Path) -> None:
    assert is_maildir(folder)
    assert not is_maildir(tmp_path)
