"""On which line of a TOML file a place is written."""

from __future__ import annotations

import pytest

from supportdesk.toml_file.position import line_of

TEXT = '''\
name = "desk"
note = """
[[rooms]]
key = "no header, a text"
"""

[[rooms]] # the first
key = "hall"
size = { wide = 3, long = 4 }

[rooms.hours]
mon = [
    ["08:00", "12:00"],
    ["13:00", "18:00"],
]

[[rooms]]
key = "yard"
"quoted" = 1
dotted.word = 2

[[rooms.doors]]
key = "left"

[[rooms.doors]]
key = "right"
'''


@pytest.mark.parametrize(
    ("place", "fragment"),
    [
        ("$.name", "name ="),
        ("$.rooms", "[[rooms]] #"),
        ("$.rooms[0]", "[[rooms]] #"),
        ("$.rooms[0].key", 'key = "hall"'),
        ("$.rooms[0].size.long", "size ="),
        ("$.rooms[0].hours.mon[1][0]", "mon ="),
        ("$.rooms[0].hours[...]", "[rooms.hours]"),
        ("$.rooms[1].key", 'key = "yard"'),
        ("$.rooms[1].quoted", '"quoted"'),
        ("$.rooms[1].dotted.word", "dotted.word"),
        ("$.rooms[1].doors[0].key", 'key = "left"'),
        ("$.rooms[1].doors[1].key", 'key = "right"'),
        ("$.rooms[0].missing", "[[rooms]] #"),
    ],
)
def test_a_place_is_on_its_line_or_on_that_of_the_table_around_it(place: str, fragment: str) -> None:
    assert line_of(TEXT, place) == TEXT[: TEXT.index(fragment)].count("\n") + 1


def test_a_place_of_which_nothing_is_written_has_no_line() -> None:
    assert line_of(TEXT, "$.ladder[0].key") is None
    assert line_of(TEXT, "$") is None
