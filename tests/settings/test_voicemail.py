"""The folders of voicemails in the settings file: what is wrong with one is said, and the others are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportdesk.settings.voicemail import VoicemailSettings
from supportdesk.settings.watcher import load_watcher_settings

GOOD = '[watcher.voicemail.telephone]\nfolder = "/srv/voicemail"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[watcher.voicemail.Other]\n", "with small letters"),
        ("[watcher.voicemail.other]\n", "other.folder: give the folder"),
        ('[watcher.voicemail.other]\nfolder = "~nobody-here/x"\n', "other.folder: "),
        (
            f"{GOOD.replace('telephone', 'other')}transcribe_command = []\n",
            "give a program and its arguments",
        ),
        (f"{GOOD.replace('telephone', 'other')}quiet = 0\n", "other.quiet: "),
        (f"{GOOD.replace('telephone', 'other')}colour = 1\n", "other.colour: is not a setting"),
    ],
)
def test_a_faulty_folder_is_named_with_what_to_do_and_the_others_are_read(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(GOOD + text)
    found = load_watcher_settings(path)
    (line,) = found.fault_lines()
    assert said in line
    assert found.voicemail == {"telephone": VoicemailSettings("/srv/voicemail")}


def test_what_is_no_table_is_said(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[watcher]\nvoicemail = 1\n")
    (line,) = load_watcher_settings(path).fault_lines()
    assert "give a table" in line
