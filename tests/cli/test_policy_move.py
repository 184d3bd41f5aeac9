"""`supportdesk policy move`: open tickets under another version, with a preview."""

from pathlib import Path

import pytest

from supportdesk.cli.default_policy import DEFAULT_POLICY
from supportdesk.resources import data_path
from tests.cli.prompt import Prompt


@pytest.fixture
def slower(ann: Prompt, tmp_path: Path) -> str:
    """A High, logged under version 1; version 2 answers it within five hours. The ticket's reference."""
    ref = ann.done(
        *("log", "--severity", "high", "--channel", "email", "--organisation", "Acme Ltd"),
        *("--contact", "Jo Park", "--summary", "Export stops"),
    ).split()[0]
    path = tmp_path / "next.toml"
    text = data_path(DEFAULT_POLICY).read_text().replace('version = "1"', 'version = "2"')
    path.write_text(text.replace('calendar = "office", hours = 3 }', 'calendar = "office", hours = 5 }'))
    ann.done("policy", "install", str(path), "--despite-vacancy")
    return ref


def due_of(ann: Prompt, ref: str) -> str:
    return str(ann("show", ref, "--json").json["response"]["due"])


def test_rule_13_a_move_is_previewed_and_nothing_moves(ann: Prompt, slower: str) -> None:
    told = ann.done("policy", "move", "2")
    assert slower in told
    assert "Tue 24 Nov 2026 12:42 GMT" in told
    assert "Tue 24 Nov 2026 14:42 GMT" in told
    assert due_of(ann, slower) == "2026-11-24T12:42:00Z"


def test_rule_13_a_move_that_is_applied_moves_the_open_tickets(ann: Prompt, slower: str) -> None:
    assert ann.done("policy", "move", "2", "--apply") == "1 open ticket moved to version 2.\n"
    assert due_of(ann, slower) == "2026-11-24T14:42:00Z"
    assert ann.done("policy", "move", "2").startswith("No open ticket needs moving to version 2.")


def test_a_move_to_a_version_that_is_not_installed_is_refused(ann: Prompt) -> None:
    assert "the installed version is 1." in ann.refused("policy", "move", "9")
