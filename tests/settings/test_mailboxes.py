"""The mailboxes of the settings file: what is wrong with one is said, and the others are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportdesk.intake.mail.configured import make_mailboxes
from supportdesk.settings.mailboxes import ImapSettings, MaildirSettings
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
        "support": MaildirSettings("/srv/mail/support", ("support@example.com",), ("mx.example.com",))
    }


def test_a_mailbox_on_a_server_is_read_with_its_login(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        '[watcher.mailboxes.support]\nimap = "imap.example.com:1143"\nsecurity = "starttls"\nuser = "desk"\n'
        'token_command = ["/usr/local/bin/mail-token"]\nhandled = "delete"\n',
    )
    assert found.faults == ()
    assert found.mailboxes == {
        "support": ImapSettings(
            "imap.example.com:1143",
            security="starttls",
            user="desk",
            token_command=("/usr/local/bin/mail-token",),
            handled="delete",
        )
    }


OTHER = SUPPORT.replace("mailboxes.support", "mailboxes.other")
IMAP = '[watcher.mailboxes.other]\nimap = "imap.example.com"\nuser = "desk"\npassword_env = "IMAP_PASSWORD"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[watcher.mailboxes.Support]\n", "name a mailbox with small letters"),
        ("[watcher.mailboxes.other]\n", "other: say where it is, with maildir or imap"),
        ('[watcher.mailboxes.other]\nmaildir = "~nobody-here/x"\n', "other.maildir: "),
        (OTHER.replace("support@", ""), "other.addresses: give the addresses of the mailbox"),
        (f'{OTHER}servers = ["a b"]\n', "other.servers: give the names of your mail servers"),
        (f"{OTHER}colour = 1\n", "other.colour: is not a setting"),
        (f'{OTHER}imap = "imap.example.com"\n', "other: say either maildir or imap, not both"),
        (IMAP.replace("imap.example.com", "imap example"), "other.imap: give a server, such as"),
        (IMAP.replace('user = "desk"\n', ""), "other.user: give the user name that goes with"),
        (
            IMAP.replace('password_env = "IMAP_PASSWORD"', ""),
            "other.user: give password_file, password_env or",
        ),
        (
            f'{IMAP}password_file = "x"\n',
            "other.password_env: say either password_file or password_env, not both",
        ),
        (f'{IMAP}security = "none"\n', "other.security: a password would be sent in the clear"),
        (f'{IMAP}ca_file = "~nobody-here/x"\n', "other.ca_file: "),
        (f'{IMAP}folder = ""\n', "other.folder: give the name of a folder"),
        (f'{IMAP}handled_folder = "INBOX"\n', "other.handled_folder: give another folder"),
        (f'{OTHER}channel = ""\n', "other.channel: give the key of a channel of the policy"),
        (f"{IMAP}team = 1\n", "other.team: "),
        (f'{IMAP}handled = "burn"\n', "other.handled: 'burn' is not one of move, flag, delete"),
    ],
)
def test_a_faulty_mailbox_is_named_with_what_to_do_and_the_others_are_read(
    tmp_path: Path, text: str, said: str
) -> None:
    found = load(tmp_path, SUPPORT + text)
    [line] = found.fault_lines()
    assert said in line
    assert list(found.mailboxes) == ["support"]


@pytest.mark.parametrize("text", [SUPPORT, IMAP])
def test_each_mailbox_has_its_own_channel_and_team(tmp_path: Path, text: str) -> None:
    found = load(tmp_path, f'{text}channel = "sales-mail"\nteam = "account-management"\n')
    assert found.faults == ()
    [made] = make_mailboxes(found)
    assert (made.mailbox.channel, made.mailbox.team) == ("sales-mail", "account-management")


@pytest.mark.parametrize("text", ["[watcher]\nmailboxes = 1\n", "[watcher.mailboxes]\nsupport = 1\n"])
def test_what_is_no_table_of_mailboxes_is_said(tmp_path: Path, text: str) -> None:
    found = load(tmp_path, text)
    [line] = found.fault_lines()
    assert "give a table" in line
    assert found.mailboxes == {}


def test_a_mailbox_can_be_one_to_which_a_telephone_system_sends_recordings(tmp_path: Path) -> None:
    found = load(tmp_path, f"{SUPPORT}voicemail = true\n")
    assert found.faults == ()
    assert found.mailboxes["support"].voicemail
