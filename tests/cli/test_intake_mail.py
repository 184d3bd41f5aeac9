"""`supportdesk intake mail`: messages from files, maildirs and a mail server become tickets, each once."""

from __future__ import annotations

import mailbox
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.prompt import Prompt, call, call_in_a_shell
from tests.intake.mail.messages import write

JO = "Jo Park <jo.park@acme.example>"


def reference(told: str) -> str:
    return next(word.strip(",:") for word in told.split() if word.startswith("CD-"))


def test_a_mail_server_hands_over_a_message_and_it_is_a_ticket(ann: Prompt) -> None:
    told = ann.done("intake", "mail", stdin=write(sender=JO))
    assert told.startswith("ticket, CD-")
    ticket = ann.ticket(reference(told))
    assert (ticket["channel"], ticket["severity"], ticket["summary"]) == ("email", "high", "The printer")
    [message] = ann("intake", "status", "--state", "ticket", "--json").json
    assert (message["mailbox"], message["kind"], message["ref"]) == ("mail", "pipe", reference(told))


def test_a_message_that_a_server_hands_over_again_changes_nothing(ann: Prompt) -> None:
    content = write(sender=JO)
    told = ann.done("intake", "mail", stdin=content)
    assert ann.done("intake", "mail", stdin=content) == f"{told.strip()} (taken in before)\n"
    assert len(ann("queue", "--json").json) == 1


def test_what_cannot_be_written_now_asks_the_mail_server_to_try_again(ann: Prompt, tmp_path: Path) -> None:
    nowhere = call("--db", str(tmp_path / "no.db"), "intake", "mail", stdin=write())
    assert (nowhere.code, nowhere.out) == (75, "")
    assert "There is no desk at" in nowhere.err
    assert call("--db", str(tmp_path / "no.db"), "intake", "mail", "--nonsense", stdin=write()).code == 2


def test_files_and_maildirs_are_taken_in_and_each_message_is_named(ann: Prompt, tmp_path: Path) -> None:
    file = tmp_path / "one.eml"
    file.write_bytes(write(sender=JO))
    box = mailbox.Maildir(tmp_path / "box", create=True)
    names = [box.add(write(sender=sender)) for sender in (JO, "eve@elsewhere.example")]
    box.close()
    told = ann.done("intake", "mail", str(file), str(tmp_path / "box"), "--mailbox", "support").splitlines()
    assert told[0].startswith("one.eml: ticket, CD-")
    assert told[1].startswith(f"{names[0]}: ticket, CD-")
    assert told[2] == f"{names[1]}: quarantine: eve@elsewhere.example is not the address of a contact."
    assert list((tmp_path / "box" / "new").iterdir()) == []
    assert file.exists()
    assert ann.done("intake", "mail", str(tmp_path / "box")) == ""
    [counts] = ann("intake", "status", "--json").json
    assert (counts["mailbox"], counts["sum"]) == ("support", 3)


def test_a_folder_that_is_no_maildir_is_refused_before_anything_is_taken_in(
    ann: Prompt, tmp_path: Path
) -> None:
    file = tmp_path / "one.eml"
    file.write_bytes(write(sender=JO))
    refused = ann.refused("intake", "mail", str(file), str(tmp_path))
    assert f"{tmp_path} is a folder, and no maildir: give the messages in it, or a maildir." in refused
    assert ann("intake", "status", "--json").json == []
    refused = ann.refused("intake", "voicemail", str(file), "--name", "")
    assert '"" is not a name of small letters' in " ".join(refused.split())
    assert '"" is not a name' in " ".join(ann.refused("intake", "status", "--mailbox", "").split())


def test_what_cannot_be_read_is_named_and_the_others_are_taken_in(ann: Prompt, tmp_path: Path) -> None:
    file, pipe = tmp_path / "one.eml", tmp_path / "two.eml"
    file.write_bytes(write(sender=JO))
    pipe.symlink_to("/proc/self/mem")
    answer = ann("intake", "mail", str(pipe), str(file))
    assert answer.code == 1
    assert answer.err == f"Error: {pipe}: it cannot be read: Input/output error\n"
    assert answer.out.startswith("one.eml: ticket, CD-")


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--mailbox", "", '"" is not a name of small letters'),
        ("--mailbox", "Our mail", '"Our mail" is not a name of small letters'),
        ("--address", "notanaddress", '"notanaddress" is not an email address'),
        ("--address", "", "is not an email address"),
        ("--server", "", "is not the name of a server"),
        ("--server", "mx example", "is not the name of a server"),
    ],
)
def test_a_mailbox_without_a_usable_name_address_or_server_is_refused(
    ann: Prompt, option: str, value: str, said: str
) -> None:
    assert said in " ".join(ann.refused("intake", "mail", option, value, stdin=write(sender=JO)).split())
    assert ann("intake", "status", "--json").json == []


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--team", "nobody", "there is no team 'nobody'; the policy has user-support, "),
        ("--channel", "nothing", "there is no channel 'nothing'; the policy has hotline, "),
        ("--channel", "portal", "no mail comes by the channel 'portal'; give another one, such as email"),
        ("--channel", "hotline", "no mail comes by the channel 'hotline'"),
        ("--channel", "phone", "no mail comes by the channel 'phone'"),
    ],
)
def test_a_channel_or_a_team_to_which_no_mail_can_go_is_refused_and_a_mail_server_keeps_its_message(
    ann: Prompt, tmp_path: Path, option: str, value: str, said: str
) -> None:
    file = tmp_path / "one.eml"
    file.write_bytes(write(sender=JO))
    refused = " ".join(ann.refused("intake", "mail", str(file), option, value).split())
    assert f"The mailbox mail takes in nothing: {said}" in refused
    kept = ann("intake", "mail", option, value, stdin=write(sender=JO))
    assert (kept.code, kept.out) == (75, "")
    assert said in " ".join(kept.err.split())
    refused = ann.refused("intake", "lmtp", "--listen", "127.0.0.1:0", option, value)
    assert said in " ".join(refused.split())
    assert ann("intake", "status", "--json").json == []


def test_mail_goes_to_the_team_of_its_mailbox(ann: Prompt) -> None:
    told = ann.done("intake", "mail", "--team", "development", stdin=write(sender=JO))
    assert ann.ticket(reference(told))["team"] == "development"


def test_a_message_is_written_as_it_was_sent(ann: Prompt) -> None:
    content = write(sender=JO)
    ann.done("intake", "mail", stdin=content)
    [message] = ann("intake", "status", "--state", "ticket", "--json").json
    written = subprocess.run(
        [sys.executable, "-m", "supportdesk", "--db", ann.address, "intake", "original", message["key"]],
        check=True,
        capture_output=True,
    )
    assert written.stdout == content
    assert 'There is no original of a message "ffff"' in ann.refused("intake", "original", "ffff")


def test_without_its_library_mail_waits_at_the_server_and_it_is_said_what_to_install(ann: Prompt) -> None:
    answer = call_in_a_shell(
        "--db",
        ann.address,
        "intake",
        "mail",
        stdin=write().decode(),
        PYTHONPATH=str(Path(__file__).with_name("without_nh3")),
    )
    assert (answer.code, answer.out) == (75, "")
    assert "pip install 'supportdesk[mail]'" in answer.err
