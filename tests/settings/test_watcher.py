"""The table of the watcher is read by those who send; what is wrong with it is reported with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.resources import data_path
from supportdesk.settings.load import load_settings
from supportdesk.settings.mail_server import split_server
from supportdesk.settings.watcher import (
    CommandMethod,
    MailMethod,
    ServiceMethod,
    WebhookMethod,
    decode_watcher,
    load_watcher_settings,
)
from tests.cli.prompt import call

MAIL = '[watcher.methods.mail]\nsmtp = "mail.example.com"\nsender = "desk@example.com"\n'


def faults(folder: Path, text: str) -> list[str]:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return [line.removeprefix(f"{path}, ") for line in load_watcher_settings(path).fault_lines()]


def test_a_file_that_everybody_can_change_sends_by_nothing_and_says_how_to_mend_it(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(MAIL)
    path.chmod(0o666)
    found = load_watcher_settings(path)
    assert not found.methods
    assert found.fault_lines() == [
        f"{path}: everybody can change it, so nothing that it names is run; run `chmod o-w {path}`"
    ]
    path.chmod(0o664)
    assert [*load_watcher_settings(path).methods] == ["mail"]


def test_the_methods_of_the_example_are_read(tmp_path: Path) -> None:
    example = data_path("config.toml").read_text(encoding="utf-8")
    lines = [line[1:] if line[:1] == "#" and line[:2] != "# " else line for line in example.splitlines()]
    path = tmp_path / "config.toml"
    path.write_text("\n".join(lines))
    found = load_watcher_settings(path)
    assert found.fault_lines() == []
    assert [type(method) for method in found.methods.values()] == [
        MailMethod,
        CommandMethod,
        WebhookMethod,
        ServiceMethod,
    ]


def test_a_missing_file_has_no_methods(tmp_path: Path) -> None:
    found = load_watcher_settings(tmp_path / "none.toml")
    assert (dict(found.methods), found.fault_lines()) == ({}, [])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[watcher]\nmethod = 1\n", "line 2: [watcher] method: is not a setting; settings here: "),
        ("watcher = 1\n", "line 1: watcher: give a table, [watcher]"),
        ("[watcher]\nmethods = 1\n", "line 2: [watcher] methods: give a table per method"),
        (
            "[watcher.methods]\nsms = 1\n",
            "line 2: [watcher] methods.sms: give a table, [watcher.methods.sms]",
        ),
        (
            "[watcher.methods.SMS]\ncommand = ['a']\n",
            "line 1: [watcher] methods.SMS: name a method with small",
        ),
        (
            "[watcher.methods.sms]\n",
            "line 1: [watcher] methods.sms: say what this method is, with one of smtp",
        ),
        (f"{MAIL}url = 'https://a'\n", "line 1: [watcher] methods.mail: say only one of smtp, command"),
        (
            f"{MAIL}host = 1\n",
            "line 4: [watcher] methods.mail.host: is not a setting; settings here: ca_file",
        ),
        (
            f"{MAIL}security = 'ssl'\n",
            "line 4: [watcher] methods.mail.security: 'ssl' is not one of starttls, tls",
        ),
        (
            f"{MAIL}user = 'a'\n",
            "line 4: [watcher] methods.mail.user: give password_file, password_env or token",
        ),
        (f"{MAIL}password_env = 'A'\n", "line 1: [watcher] methods.mail.user: give the user name"),
        (
            f"{MAIL}user = 'a'\npassword_env = 'A'\npassword_file = 'b'\n",
            "line 5: [watcher] methods.mail.password_env: say either password_file or password_env, not both",
        ),
        (
            f"{MAIL}user = 'a'\npassword_env = 'A'\nsecurity = 'none'\n",
            "line 6: [watcher] methods.mail.security: a password would be sent in the clear",
        ),
        (
            "[watcher.methods.mail]\nsmtp = 'a b'\nsender = 'a@b'\n",
            "line 2: [watcher] methods.mail.smtp: give a server",
        ),
        ("[watcher.methods.mail]\nsmtp = 'a'\n", "line 1: [watcher] methods.mail.sender: give the address"),
        ("[watcher.methods.sms]\ncommand = []\n", "line 2: [watcher] methods.sms.command: give a program"),
        (
            "[watcher.methods.sms]\ncommand = ['a']\ntimeout = 301\n",
            "line 3: [watcher] methods.sms.timeout: give a",
        ),
        (
            "[watcher.methods.hook]\nurl = 'example.com'\n",
            "line 2: [watcher] methods.hook.url: give a whole web",
        ),
        ("[watcher\n", "line 1: is not TOML"),
    ],
)
def test_a_fault_is_reported_with_its_line_and_what_to_do(tmp_path: Path, text: str, fault: str) -> None:
    (found,) = faults(tmp_path, text)
    assert fault in (found if "not TOML" not in fault else f"line 1: {found.partition(': ')[2]}")


def test_config_check_reports_the_faults_of_the_watcher_too(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"{MAIL}host = 1\n")
    answer = call("--config", str(path), "config", "--check")
    assert answer.code == 2
    assert answer.err.startswith(f"Error: {path}, line 4: [watcher] methods.mail.host: is not a setting")
    assert "1 fault; faulty settings are ignored." in answer.err


def test_the_console_starts_with_any_table_of_the_watcher(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('theme = "textual-dark"\n[watcher]\nmethods = 1\n')
    read = load_settings(path)
    assert (read.settings.theme, read.fault_lines()) == ("textual-dark", [])


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("mail.example.com", ("mail.example.com", None)),
        ("mail.example.com:25", ("mail.example.com", 25)),
        ("[::1]:2525", ("::1", 2525)),
        ("mail.example.com:0", None),
        ("mail.example.com:99999", None),
        ("::1", None),
        ("", None),
        ("a\nb", None),
    ],
)
def test_a_server_has_a_host_and_perhaps_a_port(text: str, server: tuple[str, int | None] | None) -> None:
    assert split_server(text) == server


names = st.sampled_from(
    ["methods", "mail", "smtp", "sender", "command", "url", "timeout", "security", "user", "apprise_file"]
) | st.text(max_size=5)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
)


@given(st.dictionaries(names, anything))
def test_whatever_is_in_the_table_each_method_is_usable_or_has_a_reason(table: dict[str, Any]) -> None:
    found = decode_watcher(Path("config.toml"), "", {"watcher": table})
    listed = table.get("methods", {})
    given_names = set(listed) if isinstance(listed, dict) else set()
    assert set(found.methods) | set(found.faulty) == given_names
    assert not set(found.methods) & set(found.faulty)


def test_the_links_and_the_heartbeat_have_settings_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        '[watcher]\nlink_base = "https://desk.example.com/"\nheartbeat_url_file = "address"\n'
        f"heartbeat_body = '[1]'\n{MAIL}"
    )
    found = load_watcher_settings(path)
    assert found.fault_lines() == []
    general = found.general
    assert (general.link_base, general.heartbeat_url_file, general.heartbeat_body) == (
        "https://desk.example.com",
        "address",
        "[1]",
    )
    assert [*found.methods] == ["mail"]


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ('link_base = "http://desk.example.com"', "link_base: it must begin with https://"),
        ('link_base = "desk"', "link_base: give a web address"),
        ("link_base = 1", "link_base: "),
        ('heartbeat_url = "alarm.example.com"', "heartbeat_url: give a whole web address"),
        ('heartbeat_body = "alive"', "heartbeat_body: give JSON"),
        ('anchor_file = ""', "anchor_file: give the path of a file"),
        ('anchor_file = "~nobody-of-that-name/anchors"', "anchor_file: there is no user"),
    ],
)
def test_a_setting_of_links_or_heartbeat_that_cannot_be_right_is_reported_and_not_used(
    tmp_path: Path, setting: str, fault: str
) -> None:
    (line,) = faults(tmp_path, f"[watcher]\n{setting}\n{MAIL}")
    assert line.startswith(f"line 2: [watcher] {fault}")
    found = load_watcher_settings(tmp_path / "config.toml")
    assert getattr(found.general, setting.split(" ", maxsplit=1)[0]) is None
    assert [*found.methods] == ["mail"]


def test_only_one_place_of_the_heartbeat_address_is_taken(tmp_path: Path) -> None:
    (line,) = faults(
        tmp_path, '[watcher]\nheartbeat_url = "https://a.example.com"\nheartbeat_url_env = "A"\n'
    )
    assert "say either heartbeat_url or heartbeat_url_env, not both" in line
