"""`supportdesk config`: where the settings are, and whether they are good."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportdesk.console.keys.keymap import KEYS
from tests.cli.prompt import Answer, Prompt, call


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "supportdesk"


def config(*arguments: str, text: str | None = None, path: Path) -> Answer:
    """Calls `config` with a file of this text."""
    if text is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return call("--config", str(path), "config", *arguments)


def test_it_says_where_the_file_is_and_that_it_is_not_there_yet(folder: Path) -> None:
    assert (
        call("config").out
        == f"{folder}/config.toml  (does not exist; `supportdesk config --init` creates it)\n"
    )


def test_the_file_that_it_writes_is_good_and_is_not_written_twice(folder: Path) -> None:
    assert call("config", "--init").code == 0
    assert call("config").out == f"{folder}/config.toml\n"
    assert call("config", "--check") == Answer(f"{folder}/config.toml: no faults.\n", "", 0)
    again = call("config", "--init")
    assert (again.code, "already exists" in again.err) == (2, True)
    assert "`supportdesk config --example` prints" in again.err, (
        "a view saved in the console makes the file, too"
    )


def test_the_example_is_printed_as_it_would_be_written(folder: Path) -> None:
    call("config", "--init")
    assert call("config", "--example").out == (folder / "config.toml").read_text(encoding="utf-8")


def test_all_faults_are_shown_with_their_lines_and_the_exit_code_says_so(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    text = 'theme = "no-such"\n[keys]\nticket.sing = "y"\nticket.claim = "a"\nticket.reply = "ctl+x"\n'
    answer = config("--check", text=text, path=path)
    assert answer.code == 2
    told = answer.err.splitlines()
    assert told[0].startswith(f"Error: {path}, line 1: theme: unknown theme 'no-such'; choose one of ")
    assert told[1].startswith(f"Error: {path}, line 3: [keys] ticket.sing: is not the id of a key")
    assert told[2] == (
        f"Error: {path}, line 4: [keys] ticket.claim: a is bound to both ticket.claim and ticket.assign;"
        " choose another key for one"
    )
    assert told[3] == (
        f"Error: {path}, line 5: [keys] ticket.reply: unknown key 'ctl+x';"
        " write one such as c, X, f3, ctrl+p or slash"
    )
    assert told[4].startswith("Error: 4 faults")


def test_the_faults_of_user_themes_are_shown_as_well(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "dusk.toml").write_text("dark = true\n[colours]\naccent = 'blau'\n")
    answer = config("--check", text='theme = "dusk"', path=tmp_path / "config.toml")
    assert answer.code == 2
    assert f"{tmp_path}/themes/dusk.toml, line 3: [colours] accent: 'blau' is not a colour" in answer.err


def test_a_file_to_check_that_is_not_there_is_a_bad_request(tmp_path: Path) -> None:
    answer = config("--check", path=tmp_path / "none.toml")
    assert (answer.code, "config --init" in answer.err) == (2, True)


def test_every_id_can_be_looked_up(folder: Path) -> None:
    told = call("config", "--keys").out.splitlines()
    assert [line.split()[0] for line in told] == [key.id for key in KEYS]


def test_a_fault_is_reported_at_its_line_whatever_else_is_left_out_before_it(tmp_path: Path) -> None:
    text = (
        'columns = [3, { name = "nothing" }]\n'
        "[[views]]\nname = 4\nfilter = 'x'\n[[views]]\nname = 'Mine'\nfilter = 'sevrity:high'\n"
    )
    answer = config("--check", text=text, path=tmp_path / "config.toml")
    assert "line 1: [[columns]] number 2, name: unknown column 'nothing'" in answer.err
    assert "line 7: [[views]] number 2, filter: " in answer.err


def test_names_that_the_desk_does_not_have_are_faults_in_the_order_of_their_lines(
    ann: Prompt, tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    path.write_text('bell = ["huge"]\n[[views]]\nname = "A"\nfilter = "severity:hihg"\n[pane]\nwidth = 95\n')
    answer = call("--config", str(path), "--db", ann.address, "--as", "ann", "config", "--check")
    assert answer.code == 2
    assert [line.split(": ", 2)[1].rpartition(" ")[2] for line in answer.err.splitlines()[:3]] == [
        "1",
        "4",
        "6",
    ]
    assert "bell: unknown severity 'huge'; the policy has critical, high" in answer.err
    assert '[[views]] number 1, filter: unknown severity "hihg"; did you mean high?' in answer.err
