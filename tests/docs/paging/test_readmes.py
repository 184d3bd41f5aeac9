"""What the examples' descriptions give as settings can be used as it is."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from supportdesk.settings.watcher import CommandMethod, load_watcher_settings
from tests.docs.paging.programs import EXAMPLES


@pytest.mark.parametrize("example", ["sms-kannel", "telephone-sip"])
def test_the_settings_of_an_example_have_no_fault_and_name_its_program(example: str, tmp_path: Path) -> None:
    folder = EXAMPLES / example
    (settings,) = re.findall(
        r"^ *```toml\n(.*?)^ *```", (folder / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    path = tmp_path / "config.toml"
    path.write_text(textwrap.dedent(settings))
    found = load_watcher_settings(path)
    assert found.fault_lines() == []
    (method,) = found.methods.values()
    assert isinstance(method, CommandMethod)
    program = folder / Path(method.command[0]).name
    assert program.stat().st_mode & 0o111
    options = [part for part in method.command[1:] if part.startswith("--")]
    assert all(f'"{option}"' in program.read_text() for option in options)


def test_every_setting_of_the_description_has_no_fault(tmp_path: Path) -> None:
    text = (EXAMPLES.parent / "paging.md").read_text()
    found = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    whole = [settings for settings in found if settings.startswith("[")]
    assert len(whole) >= 6
    for settings in whole:
        path = tmp_path / "config.toml"
        path.write_text(settings)
        assert load_watcher_settings(path).fault_lines() == [], settings
