"""CONTRIBUTING.md names files, classes and functions as they are in the code."""

import re
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parent.parent
CONTRIBUTING = (TREE / "CONTRIBUTING.md").read_text()
PATH = re.findall(r"^\| (\d+)\. .* \| `(.+)` \| (.+) \|$", CONTRIBUTING, flags=re.MULTILINE)


@pytest.mark.parametrize(("step", "file", "names"), PATH, ids=[step for step, *_ in PATH])
def test_the_path_of_a_command_names_what_is_in_the_code(step: str, file: str, names: str) -> None:
    source = (TREE / "supportdesk" / file).read_text()
    defined = set(re.findall(r"^\s*(?:async def|def|class) (\w+)", source, flags=re.MULTILINE))
    defined |= set(re.findall(r"^(\w+)\b[^=\n]*=", source, flags=re.MULTILINE))
    assert not set(re.findall(r"`(\w+)`", names)) - defined


def test_the_path_of_a_command_has_no_gap() -> None:
    assert [int(step) for step, *_ in PATH] == list(range(1, len(PATH) + 1))
    assert len(PATH) > 10


def test_every_link_leads_somewhere() -> None:
    decisions = TREE / "docs" / "decisions"
    for text, folder in ((CONTRIBUTING, TREE), ((decisions / "README.md").read_text(), decisions)):
        links = re.findall(r"\]\(([^):]+)\)", text)
        assert links
        assert not [link for link in links if not (folder / link).exists()]


def test_every_module_in_backticks_is_there() -> None:
    files = re.findall(r"`((?:[\w]+/)+[\w]+\.(?:py|toml))`", CONTRIBUTING)
    roots = (TREE, TREE / "supportdesk", TREE / "supportdesk" / "console")
    assert files
    assert not [file for file in files if not any((root / file).exists() for root in roots)]


def test_every_rule_that_is_cited_is_written_down() -> None:
    written = set(re.findall(r"^\| (\d+) \|", (TREE / "docs" / "rules.md").read_text(), flags=re.MULTILINE))
    sources = [
        *TREE.glob("supportdesk/**/*.py"),
        *TREE.glob("tests/**/*.py"),
        *TREE.glob("docs/decisions/*.md"),
    ]
    lists = [
        found
        for source in sources
        for found in re.findall(r"\brules? (\d+(?:(?:, | and )\d+)*)", source.read_text())
    ]
    assert lists
    assert {number for cited in lists for number in re.findall(r"\d+", cited)} <= written


def test_what_contributing_names_in_backticks_is_in_the_file_beside_it() -> None:
    pairs = re.findall(r"`(\w+)`(?: or `(\w+)`)? \(`([\w/]+\.py)`\)", CONTRIBUTING)
    roots = (TREE / "supportdesk", TREE / "supportdesk" / "console")
    assert len(pairs) > 5
    for first, second, file in pairs:
        source = next((root / file).read_text() for root in roots if (root / file).exists())
        assert all(re.search(rf"\b{name}\b", source) for name in (first, second) if name), file
