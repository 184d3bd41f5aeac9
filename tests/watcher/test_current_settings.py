"""The settings of a watcher follow their file, and what a method lacks is found without sending."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.watcher import settings_senders
from supportdesk.watcher.current_settings import KEPT, CurrentSettings
from supportdesk.watcher.settings_senders import SettingsSenders

MAIL = '[watcher.methods.mail]\nsmtp = "mail.example.com"\nsender = "desk@example.com"\n'
SMS = '[watcher.methods.sms]\ncommand = ["true"]\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


@pytest.fixture
def settings(config: Path, log: list[str]) -> CurrentSettings:
    return CurrentSettings(config, log.append)


def write(config: Path, text: str) -> None:
    config.write_text(text, encoding="utf-8")


def test_a_changed_file_is_read_again_and_an_unchanged_one_is_not(
    config: Path, settings: CurrentSettings
) -> None:
    assert settings.load().methods == {}
    write(config, MAIL)
    first = settings.load()
    assert list(first.methods) == ["mail"]
    assert settings.load() is first
    write(config, MAIL + SMS)
    assert list(settings.load().methods) == ["mail", "sms"]


@pytest.mark.parametrize("faulty", ["[watcher.methods.mail\n", MAIL + "smpt = 1\n", None])
def test_a_faulty_change_is_said_and_changes_nothing_until_it_is_mended(
    config: Path, settings: CurrentSettings, log: list[str], faulty: str | None
) -> None:
    write(config, MAIL)
    before = settings.load()
    if faulty is None:
        config.unlink()
    else:
        write(config, faulty)
    assert settings.load() is before
    assert settings.load() is before
    assert settings.fault == KEPT
    assert log.count(KEPT) == 1
    if faulty is not None:
        assert any(str(config) in line and "line " in line for line in log)
    write(config, SMS)
    assert list(settings.load().methods) == ["sms"]
    assert settings.fault == ""


def test_what_is_right_in_a_file_that_was_faulty_from_the_start_is_used(
    config: Path, settings: CurrentSettings
) -> None:
    write(config, MAIL + "[watcher.methods.sms]\n")
    assert list(settings.load().methods) == ["mail"]
    write(config, SMS + "[watcher.methods.mail]\n")
    assert list(settings.load().methods) == ["sms"]


@pytest.mark.parametrize(
    ("method", "why"),
    [
        ('command = ["/nowhere/send-sms"]', "there is no program /nowhere/send-sms"),
        ('url_env = "DESK_HOOK"', "the environment variable DESK_HOOK is empty or missing"),
        ('url = "https://hooks.example.com"\nsecret_file = "none"', "none cannot be read"),
        ('apprise_file = "none"', "none cannot be read"),
        ('smtp = "a.example"\nsender = "a@b"\nuser = "a"\npassword_env = "DESK_PW"', "variable DESK_PW is"),
        ('smtp = "a.example"\nsender = "a@b"\nuser = "a"\ntoken_command = ["/nowhere/t"]', "no program /now"),
    ],
)
def test_a_method_that_lacks_what_it_needs_is_named_and_is_not_among_those_that_work(
    config: Path, settings: CurrentSettings, clock: FixedClock, method: str, why: str
) -> None:
    write(config, f"[watcher.methods.x]\n{method}\n" + SMS)
    senders = SettingsSenders(settings, clock).load()
    assert sorted(senders) == ["sms", "x"]
    assert senders.working == ("sms",)
    [said] = senders.unusable
    assert said.startswith("the method x cannot be used: ")
    assert why in said


def test_a_secret_that_is_mended_makes_its_method_work_without_a_change_of_the_settings(
    config: Path, settings: CurrentSettings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(config, '[watcher.methods.hook]\nurl_env = "DESK_HOOK"\n')
    senders = SettingsSenders(settings, clock)
    assert senders.load().working == ()
    monkeypatch.setenv("DESK_HOOK", "https://hooks.example.com/x")
    assert senders.load().working == (), "it is looked at once a minute"
    monkeypatch.setattr(settings_senders, "CHECK_SECONDS", 0.0)
    senders = SettingsSenders(settings, clock)
    assert senders.load().working == ("hook",)
    monkeypatch.delenv("DESK_HOOK")
    assert senders.load().working == ()
