"""The mailboxes of the settings file: what is wrong with one is said, and the others are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportdesk.settings.mailboxes import MailboxSettings
from supportdesk.settings.watcher import WatcherSettings, load_watcher_settings

SUPPORT = '[watcher.mailboxes.support]\nmaildir = "/srv/mail/support"\naddresses = ["support@example.com"]\n'


def load(folder: Path, text: str) -> WatcherSettings:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load_watcher_settings(path)


def test_a_mailbox_is_read_with_its_addresses_and_servers(tmp_path: Path) -> None:
    found = load(tmp_path, f'{SUPPORT}servers = ["mx.example.com"]\n')
    assert found.faults == ()
    assert found.mailboxes == {
        "support": MailboxSettings("/srv/mail/support", ("support@example.com",), ("mx.example.com",))
    }


OTHER = SUPPORT.replace("mailboxes.support", "mailboxes.other")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[watcher.mailboxes.Support]\n", "name a mailbox with small letters"),
        ("[watcher.mailboxes.other]\n", "other.maildir: give the folder"),
        ('[watcher.mailboxes.other]\nmaildir = "~nobody-here/x"\n', "other.maildir: "),
        (OTHER.replace("support@", ""), "other.addresses: give the addresses of the mailbox"),
        (f'{OTHER}servers = ["a b"]\n', "other.servers: give the names of your mail servers"),
        (f"{OTHER}colour = 1\n", "other.colour: is not a setting"),
    ],
)
def test_a_faulty_mailbox_is_named_with_what_to_do_and_the_others_are_read(
    tmp_path: Path, text: str, said: str
) -> None:
    found = load(tmp_path, SUPPORT + text)
    [line] = found.fault_lines()
    assert said in line
    assert list(found.mailboxes) == ["support"]


@pytest.mark.parametrize("text", ["[watcher]\nmailboxes = 1\n", "[watcher.mailboxes]\nsupport = 1\n"])
def test_what_is_no_table_of_mailboxes_is_said(tmp_path: Path, text: str) -> None:
    found = load(tmp_path, text)
    [line] = found.fault_lines()
    assert "give a table" in line
    assert found.mailboxes == {}
