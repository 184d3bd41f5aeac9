"""docs/paging.md describes what the senders do: its settings are good, its fields and its answers are theirs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.watcher.sending import command_sender, webhook_sender
from supportdesk.watcher.sending.page_text import to_json
from tests.watcher.sending.pages import page

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
TEXT = (DOCS / "paging.md").read_text(encoding="utf-8")
SETTINGS = [block for block in re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL) if block.startswith("[")]


@pytest.mark.parametrize("block", SETTINGS, ids=lambda block: block.partition("\n")[0])
def test_the_settings_that_it_shows_are_good(tmp_path: Path, block: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(re.sub(r"^#(?=\w)", "", block, flags=re.MULTILINE), encoding="utf-8")
    found = load_watcher_settings(path)
    assert found.fault_lines() == []
    assert len(found.methods) == (0 if block.startswith("[watcher]") else 1)


def test_it_describes_every_field_of_a_page() -> None:
    fields = list(json.loads(to_json(page())))
    (example,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert list(json.loads(example)) == fields
    table = TEXT.partition("| field | contents |")[2].partition("\n\n")[0]
    described = [
        name
        for line in table.splitlines()
        for name in re.findall(r"`(\w+)`", line.partition("| ")[2].partition(" |")[0])
    ]
    assert sorted(described) == sorted(fields)


def test_it_describes_every_answer_of_a_program_and_every_status() -> None:
    table = TEXT.partition("| first word | outcome |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(command_sender.ANSWERS)
    assert f"| {', '.join(map(str, webhook_sender.PERMANENT))} |" in TEXT


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^):]+)\)", TEXT)
    assert links
    assert not [link for link in links if not (DOCS / link).exists()]
