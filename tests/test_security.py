"""SECURITY.md names, for each threat, what is done against it and tests that are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parent.parent
SECURITY = (TREE / "SECURITY.md").read_text()
BEFORE_THREATS = ("Reporting a fault", "What is protected")
THREATS = {
    title: content
    for title, _, content in (part.partition("\n") for part in SECURITY.split("\n## ")[1:])
    if title not in BEFORE_THREATS
}
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", SECURITY)


@cache
def functions_in(file: str) -> set[str]:
    """The functions of a file, by name."""
    tree = ast.parse((TREE / file).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_each_test_that_is_named_is_there(file: str, name: str) -> None:
    assert name in functions_in(file)


@pytest.mark.parametrize("threat", THREATS)
def test_each_threat_has_its_attack_its_countermeasure_and_its_proof(threat: str) -> None:
    content = THREATS[threat]
    assert re.findall(r"^\*\*(Attack|Countermeasure|Proof)\.\*\*", content, flags=re.MULTILINE) == [
        "Attack",
        "Countermeasure",
        "Proof",
    ]
    assert len(re.findall(r"^- `tests/[\w/]+\.py::test_\w+`", content, flags=re.MULTILINE)) >= 2


def test_the_threats_that_every_desk_has_are_there() -> None:
    for words in (
        "escapes",
        "colleague",
        "laptop",
        "dump",
        "email",
        "file name",
        "import",
        "terminal",
        "link",
    ):
        assert any(words in threat for threat in THREATS), words
    assert len(NAMED) > 50


def test_every_link_leads_somewhere_and_the_readme_leads_here() -> None:
    assert not [link for link in re.findall(r"\]\(([^):]+)\)", SECURITY) if not (TREE / link).exists()]
    assert "](SECURITY.md)" in (TREE / "README.md").read_text()
