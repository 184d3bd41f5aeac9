"""Cells stand under each other, whatever they hold."""

import pytest

from supportdesk.cli.output import ENDLESS, sanitize_line
from supportdesk.cli.table import NAME_WIDTH, TableColumn, fit, noted_table_lines, table_lines, width

TWO = (TableColumn("NAME"), TableColumn("LEFT", right=True))


def test_cells_stand_under_their_heading_and_figures_end_together() -> None:
    assert table_lines(TWO, [("Ann", "1:47"), ("Priya Nair", "-0:12:31")], ENDLESS) == [
        "NAME            LEFT",
        "Ann             1:47",
        "Priya Nair  -0:12:31",
    ]


def test_a_character_of_two_columns_takes_two() -> None:
    rows = [("東京", "1"), ("Ann", "2")]
    assert [width(line) for line in table_lines((TableColumn(), TableColumn()), rows, ENDLESS)] == [7, 7]
    assert table_lines((TableColumn(), TableColumn()), rows, ENDLESS) == ["東京  1", "Ann   2"]


def test_an_accent_takes_no_column_of_its_own() -> None:
    assert width("e\u0301") == 1


def test_only_the_columns_that_give_are_cut_and_no_line_is_wider_than_the_terminal() -> None:
    columns = (TableColumn(), TableColumn(least=NAME_WIDTH), TableColumn())
    [line] = table_lines(columns, [("CD-4C00-A", "A summary that goes on and on", "Ann Lee")], 40)
    assert line == "CD-4C00-A  A summary that goes…  Ann Lee"
    assert width(line) <= 40


def test_of_two_columns_the_one_that_can_best_gives_first() -> None:
    columns = (TableColumn(least=NAME_WIDTH), TableColumn(least=NAME_WIDTH))
    assert table_lines(columns, [("Acme Ltd", "A summary that goes on and on")], 30) == [
        "Acme Ltd  A summary that goes…"
    ]
    [line] = table_lines(columns, [("Acme Limited and Partners", "A summary that goes on and on")], 30)
    assert line == "Acme Limited…   A summary tha…"


def test_a_terminal_that_is_too_narrow_gets_columns_that_can_still_be_read() -> None:
    [line] = table_lines((TableColumn(least=NAME_WIDTH), TableColumn()), [("Acme Limited", "CD-4C00-W")], 5)
    assert line == "Acme Li…  CD-4C00-W"


@pytest.mark.parametrize("wide", [1, 2, 3, 4, 5])
def test_a_cut_never_goes_through_a_character_of_two_columns(wide: int) -> None:
    assert width(fit("東京都", wide)) <= wide


def test_a_cell_cannot_bring_control_characters_or_lines_of_its_own() -> None:
    assert table_lines((TableColumn(),), [("a\x1b]0;x\x07b\nc\u202ed",)], ENDLESS) == ["a]0;xb cd"]


@pytest.mark.parametrize(
    "hostile", ["\x1b[31m", "\x9b31m", "a\u2028b", "a\x85b", "a\rb", "\u2066a\u2069", "\x00"]
)
def test_no_line_sends_what_a_terminal_would_obey(hostile: str) -> None:
    assert sanitize_line(hostile).isprintable()


def test_what_tells_why_is_whole_below_its_row_where_the_line_is_too_long() -> None:
    columns = (
        TableColumn("KEY"),
        TableColumn("FROM", least=NAME_WIDTH),
        TableColumn("BY"),
        TableColumn("WHY"),
    )
    rows = [
        ("1", "Pat", "mail", "it is unknown"),
        ("2", "Kim\x1b[2J \u202eLo", "mail", "word " * 20),
        ("3", "Jo", "–", "–"),
    ]
    assert list(noted_table_lines(columns, rows[:1], 40, notes=2)) == [
        "KEY  FROM  BY    WHY",
        "1    Pat   mail  it is unknown",
    ]
    lines = list(noted_table_lines(columns, rows, 40, notes=2))
    assert lines[:3] == ["KEY  FROM", "1    Pat", "    mail: it is unknown"]
    assert lines[-1] == "3    Jo"
    assert " ".join(lines).count("word") == 20
    assert max(map(width, lines)) <= 40
    assert all(map(str.isprintable, lines))


def test_a_note_of_wide_characters_is_no_wider_than_the_terminal() -> None:
    lines = list(noted_table_lines((TableColumn("KEY"), TableColumn("WHY")), [("1", "東京" * 40)], 40))
    assert max(map(width, lines)) <= 40
    assert "".join(lines).count("東京") == 40
