"""The name of a file from outside is safe to show and to save under, and another one gets a number."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from supportdesk.attachments.file_name import LONGEST, choose_unused, clean_file_name, number_file_name
from supportdesk.tickets.plain_text import UNWANTED


@given(st.text())
def test_no_name_is_more_than_a_name(name: str) -> None:
    cleaned = clean_file_name(name)
    assert not UNWANTED.search(cleaned)
    assert not set(cleaned) & set('/\\<>:"|?*\n')
    assert len(cleaned) <= LONGEST
    assert not cleaned.startswith((".", "-", "~"))
    assert clean_file_name(cleaned) == cleaned


@given(st.text(min_size=1), st.integers(2, 20_000))
def test_a_name_with_a_number_is_no_longer_than_any_other_and_another_one(name: str, number: int) -> None:
    cleaned = clean_file_name(name) or "attachment"
    numbered = number_file_name(cleaned, number)
    assert len(numbered) <= LONGEST
    assert len(numbered.encode()) <= 200
    assert f" ({number})" in numbered
    assert numbered != cleaned


def test_the_first_unused_number_is_taken() -> None:
    taken = {"log.txt", "log (2).txt"}
    assert choose_unused("LOG.txt", taken) == "LOG (3).txt"
    assert choose_unused("other.txt", taken) == "other.txt"
