"""Each message of the corpus has its place in a test, and none of them comes from a real mailbox."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.intake.mail.parsing.samples import CORPUS, sample, unreadable

SAMPLES = {path.stem: path for path in CORPUS.iterdir()}


def test_each_message_of_the_corpus_is_in_a_test() -> None:
    tests = "".join(path.read_text() for path in CORPUS.parent.glob("test_*.py"))
    assert not [name for name in SAMPLES if f'"{name}"' not in tests]
    assert len(SAMPLES) > 40


@pytest.mark.parametrize("path", SAMPLES.values(), ids=SAMPLES)
def test_the_corpus_names_only_domains_for_examples(path: Path) -> None:
    domains = re.findall(rb"@([a-z0-9.-]+\.[a-z]+)", path.read_bytes())
    assert not [each for each in domains if not each.endswith((b".example", b".test"))]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        # Line ends only.
        ("empty", "It is empty."),
        # The beginning of a picture.
        ("not-mail", "It has no header of a message."),
    ],
)
def test_what_is_no_message_is_a_value_that_says_why(name: str, reason: str) -> None:
    assert unreadable(name) == reason


def test_a_message_without_text_is_a_message() -> None:
    message = sample("empty-body")
    assert (message.subject, message.text, message.remarks) == ("Call me back", "", ())
