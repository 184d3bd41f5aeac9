"""The name of a file from outside is safe to show and to save under, and another one gets a number."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from supportdesk.attachments.file_name import LONGEST, clean_file_name
from supportdesk.tickets.plain_text import UNWANTED


@given(st.text())
def test_no_name_is_more_than_a_name(name: str) -> None:
    cleaned = clean_file_name(name)
    assert not UNWANTED.search(cleaned)
    assert not set(cleaned) & set('/\\<>:"|?*\n')
    assert len(cleaned) <= LONGEST
    assert not cleaned.startswith((".", "-", "~"))
    assert clean_file_name(cleaned) == cleaned
