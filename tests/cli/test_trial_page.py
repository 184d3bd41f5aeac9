"""`watch --test` sends a test page by a method of the settings, and says what became of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.prompt import Answer, call
from tests.watcher.sending.mail_server import dies, mail_server


def trial(folder: Path, text: str, method: str, target: str = "you@example.com") -> Answer:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return call("--config", str(path), "--as", "priya", "watch", "--test", method, target)


def mail(port: int) -> str:
    return (
        f'[watcher.methods.mail]\nsmtp = "127.0.0.1:{port}"\nsecurity = "none"\nsender = "desk@example.com"\n'
    )


def test_a_test_mail_says_that_it_is_a_test_and_needs_no_desk(tmp_path: Path) -> None:
    with mail_server() as server:
        answer = trial(tmp_path, mail(server.port), "mail")
    assert answer == Answer(
        "Delivered: 250 accepted. Check that it arrived: this is what the other side said.\n", "", 0
    )
    assert server.recipients == ["you@example.com"]
    assert server.mails[0]["Subject"].startswith("Notice: This is only a test, sent by priya on ")


def test_the_outcome_is_said_in_plain_words_and_is_the_exit_code(tmp_path: Path) -> None:
    with mail_server(rcpt="550 no such user") as server:
        refused = trial(tmp_path, mail(server.port), "mail")
    assert (refused.code, refused.err) == (
        1,
        "Error: Not delivered: 550 no such user. Another attempt would fail as well.\n",
    )
    with mail_server(data=dies) as server:
        perhaps = trial(tmp_path, mail(server.port), "mail")
    assert perhaps.code == 1
    assert perhaps.err.startswith(
        "Error: Possibly delivered: 127.0.0.1 has the whole mail, and did not confirm it"
    )


def test_each_test_page_has_a_key_of_its_own(tmp_path: Path) -> None:
    text = f"[watcher.methods.sms]\ncommand = ['/bin/sh', '-c', 'cat >> {tmp_path}/pages; echo arrived']\n"
    for _ in range(2):
        assert trial(tmp_path, text, "sms").code == 0
    first, second = map(json.loads, (tmp_path / "pages").read_text().splitlines())
    assert first["key"] != second["key"]
    assert (first["kind"], first["to"], first["username"]) == ("notice", "you@example.com", "priya")


def test_what_a_program_complains_about_is_shown(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = "[watcher.methods.sms]\ncommand = ['/bin/sh', '-c', 'echo no modem >&2; exit 1']\n"
    assert trial(tmp_path, text, "sms").err == (
        "Error: Not delivered: /bin/sh ended with code 1. A page would be sent again.\n"
    )
    assert "no modem" in capfd.readouterr().err


def test_a_method_that_is_not_set_up_names_the_table_that_is_missing(tmp_path: Path) -> None:
    answer = trial(tmp_path, "", "sms")
    assert answer.code == 1
    assert f"[watcher.methods.sms] is missing in {tmp_path}/config.toml" in answer.err
