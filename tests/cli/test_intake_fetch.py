"""`supportdesk intake fetch`: what is in the mailboxes of the settings is taken in once."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.prompt import Prompt, call_in_a_shell
from tests.intake.mail.imap.dovecot import Dovecot, needs_dovecot
from tests.intake.mail.imap.scripted_server import Conversation, scripted_server
from tests.intake.mail.messages import write

JO = "Jo Park <jo.park@acme.example>"


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    yield server
    server.remove()


def write_maildir(folder: Path, *messages: bytes) -> str:
    """Make a maildir with messages, and return the settings of a mailbox there."""
    box = mailbox.Maildir(folder, create=True)
    for each in messages:
        box.add(each)
    box.close()
    return f'[watcher.mailboxes.files]\nmaildir = "{folder}"\n'


@needs_dovecot
@pytest.mark.slow
@pytest.mark.usefixtures("database_kind")
def test_every_mailbox_is_taken_in_and_each_message_is_named(
    ann: Prompt, tmp_path: Path, dovecot: Dovecot
) -> None:
    dovecot.deliver(write(sender=JO), write(sender="eve@elsewhere.example"))
    config = dovecot.write_settings(tmp_path)
    config.write_text(config.read_text() + write_maildir(tmp_path / "box", write(sender=JO)))
    files, one, two = ann.done("--config", str(config), "intake", "fetch").splitlines()
    assert files.startswith("files, ")
    assert ": ticket, CD-" in files
    assert one.startswith("support, message 1: ticket, CD-")
    assert two == "support, message 2: quarantine: eve@elsewhere.example is not the address of a contact."
    assert len(dovecot.list_files("Handled")) == 2
    assert ann.done("--config", str(config), "intake", "fetch", "support") == ""
    counts = {each["mailbox"]: each["sum"] for each in ann("intake", "status", "--json").json}
    assert counts == {"files": 1, "support": 2}


def test_a_mailbox_that_cannot_be_read_is_named_and_the_others_are_taken_in(
    ann: Prompt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(talk: Conversation) -> None:
        talk.say(f"{talk.tag} NO it is broken")

    config = tmp_path / "config.toml"
    with scripted_server(write(sender=JO)) as server:
        server.instead["UID FETCH"] = refuse
        shared = 'security = "none"\nuser = "desk"\n'
        config.write_text(
            f'[watcher.mailboxes.away]\nimap = "127.0.0.1:1"\npassword_env = "IMAP_PASSWORD"\n{shared}'
            f'[watcher.mailboxes.broken]\nimap = "127.0.0.1:{server.port}"\n{shared}'
            'token_command = ["/bin/echo", "correct-token"]\n'
            + write_maildir(tmp_path / "box", write(sender=JO))
        )
        monkeypatch.setenv("IMAP_PASSWORD", "hunter2")
        answer = ann("--config", str(config), "intake", "fetch")
    assert answer.code == 1
    assert answer.err.splitlines() == [
        "Error: The mailbox away cannot be read: 127.0.0.1: connection refused",
        "Error: broken, message 1: the server does not hand it over: NO it is broken",
    ]
    assert ": ticket, CD-" in answer.out


def test_what_is_wrong_with_the_settings_is_said_before_anything_is_read(ann: Prompt, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("")
    assert "names no mailbox: `supportdesk config --example` shows" in ann.refused(
        "--config", str(config), "intake", "fetch"
    )
    config.write_text(write_maildir(tmp_path / "box", write(sender=JO)))
    assert 'has no mailbox "other"; it has files.' in ann.refused(
        "--config", str(config), "intake", "fetch", "other"
    )
    config.write_text(config.read_text() + '[watcher.mailboxes.other]\nimap = "a b"\n')
    assert "other.imap: give a server, such as" in ann.refused("--config", str(config), "intake", "fetch")
    assert len(list((tmp_path / "box" / "new").iterdir())) == 1


def test_a_mailbox_with_a_team_that_the_policy_does_not_have_is_refused_before_anything_is_taken_in(
    ann: Prompt, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(write_maildir(tmp_path / "box", write(sender=JO)) + 'team = "nobody"\n')
    refused = ann.refused("--config", str(config), "intake", "fetch")
    assert "The mailbox files takes in nothing: there is no team 'nobody'; the policy has" in refused
    assert len(list((tmp_path / "box" / "new").iterdir())) == 1


def test_no_mail_is_taken_in_on_a_demo_desk(ann: Prompt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supportdesk.demo.fill.is_demo", lambda address: True)
    assert "No mail is taken in on a demo desk" in ann.refused("intake", "fetch")


@pytest.mark.slow
def test_without_its_library_it_is_said_what_to_install(ann: Prompt) -> None:
    without = str(Path(__file__).with_name("without_nh3"))
    answer = call_in_a_shell("--db", ann.address, "intake", "fetch", PYTHONPATH=without)
    assert answer.code == 1
    assert "Mail needs imap-tools and nh3: pip install 'supportdesk[mail]'." in answer.err
