"""Programs of two versions at one desk: the older one goes on where the newer one's schema lets it."""

from __future__ import annotations

import pytest

from supportdesk.store import schema


@pytest.mark.parametrize(
    ("name", "goes_on"),
    [
        ("0012_from_0011", True),
        ("0013_from_0010", True),
        ("0013_from_0012", False),
        ("0012", False),
        ("0012_from_", False),
        ("0012_from_0012", False),
        ("0010_from_0009", False),
        ("0011", False),
        ("x", False),
    ],
)
def test_a_revision_says_whether_this_program_goes_on(name: str, goes_on: bool) -> None:
    assert schema.number_of(schema.REVISIONS[-1]) == "0011", "say it of the present one"
    assert schema.is_newer(name) == goes_on
