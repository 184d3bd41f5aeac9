"""Cells stand under each other, whatever they hold."""

import pytest

from supportdesk.cli.output import ENDLESS, harmless
from supportdesk.cli.table import Column, fit, lines, width

TWO = (Column("NAME"), Column("LEFT", right=True))


def test_cells_stand_under_their_heading_and_figures_end_together() -> None:
    assert lines(TWO, [("Ann", "1:47"), ("Priya Nair", "-0:12:31")], ENDLESS) == [
        "NAME            LEFT",
        "Ann             1:47",
        "Priya Nair  -0:12:31",
    ]


def test_a_character_of_two_columns_takes_two() -> None:
    rows = [("東京", "1"), ("Ann", "2")]
    assert [width(line) for line in lines((Column(), Column()), rows, ENDLESS)] == [7, 7]
    assert lines((Column(), Column()), rows, ENDLESS) == ["東京  1", "Ann   2"]


def test_an_accent_takes_no_column_of_its_own() -> None:
    assert width("e\u0301") == 1


def test_only_the_columns_that_give_are_cut_and_no_line_is_wider_than_the_terminal() -> None:
    columns = (Column(), Column(gives=True), Column())
    [line] = lines(columns, [("CD-4C00-A", "A summary that goes on and on", "Ann Lee")], 40)
    assert line == "CD-4C00-A  A summary that goes…  Ann Lee"
    assert width(line) <= 40


@pytest.mark.parametrize("wide", [1, 2, 3, 4, 5])
def test_a_cut_never_goes_through_a_character_of_two_columns(wide: int) -> None:
    assert width(fit("東京都", wide)) <= wide


def test_a_cell_cannot_bring_control_characters_or_lines_of_its_own() -> None:
    assert lines((Column(),), [("a\x1b]0;x\x07b\nc\u202ed",)], ENDLESS) == ["a]0;xb cd"]


@pytest.mark.parametrize(
    "hostile", ["\x1b[31m", "\x9b31m", "a\u2028b", "a\x85b", "a\rb", "\u2066a\u2069", "\x00"]
)
def test_no_line_sends_what_a_terminal_would_obey(hostile: str) -> None:
    assert harmless(hostile).isprintable()
