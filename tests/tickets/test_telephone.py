"""Telephone numbers as people write them, say them and keep them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from supportdesk.tickets import telephone
from supportdesk.tickets.telephone import Likeness, Number
from tests.tickets.story import claritum

HOME = "GB"
SPELLINGS = (
    "+44 20 7946 0018",
    "020 7946 0018",
    "(020) 7946-0018",
    "+44 (0)20 7946 0018",
    "0044 20 7946 0018",
    "442079460018",
    "020.7946.0018",
    "tel:+44-20-7946-0018",
    "sip:+442079460018@pbx.example;user=phone",
    "020 7946 0018 ext. 12",
    "020 7946 0018 x12",
    "０２０ ７９４６ ００１８",
)


def number(text: str) -> Number:
    found = telephone.parse(text, HOME)
    assert found is not None
    return found


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_number_is_the_same_number(spelling: str) -> None:
    assert number(spelling).international == "+442079460018"
    assert telephone.written(spelling, HOME) == "+44 20 7946 0018"
    for other in SPELLINGS:
        assert telephone.likeness(number(spelling), other, HOME) is Likeness.SAME


@pytest.mark.parametrize(
    "text", ["", "Jo Park", "123", "CD-4F7K-9", "020 79 Jo 46", "1" * 21, "+", "12,34", "5 o'clock 1234"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert telephone.parse(text, HOME) is None


@pytest.mark.parametrize(
    ("wanted", "kept", "likeness"),
    [
        ("0018", "020 7946 0018", Likeness.SAME_END),
        ("7946 0018", "+44 20 7946 0018", Likeness.SAME_END),
        ("0018", "020 7946 0019", Likeness.NONE),
        ("07700 900123", "020 7946 0018 / 07700 900123", Likeness.SAME),
        ("07700 900123", "mobile 07700 900123, not after six", Likeness.SAME),
        ("+1 207 946 0018", "020 7946 0018", Likeness.NONE),
        ("+44 20 7946 0018", "7946 0018", Likeness.SAME_END),
        ("0018", "ask for Jo", Likeness.NONE),
    ],
)
def test_a_number_fits_a_line_by_the_whole_or_by_its_end(wanted: str, kept: str, likeness: Likeness) -> None:
    assert telephone.likeness(number(wanted), kept, HOME) is likeness


def test_numbers_without_a_country_are_of_the_policy_s() -> None:
    assert telephone.region(claritum()) == "GB"
    found = telephone.parse("030 901820", "DE")
    assert found is not None
    assert found.international == "+4930901820"


def test_a_policy_without_a_country_is_taken_to_be_at_home() -> None:
    class Bare:
        calendars = ()

    assert telephone.region(Bare()) == "GB"  # type: ignore[arg-type]


@given(st.text(max_size=80) | st.text(alphabet="+0123456789 ()-./x,;@:#٣", max_size=40))
@example("tel:")
@example("ext 5")
def test_no_text_makes_reading_a_number_fail(text: str) -> None:
    found = telephone.parse(text, HOME)
    telephone.written(text, HOME)
    list(telephone.endings(text))
    telephone.likeness(number("020 7946 0018"), text, HOME)
    if found is not None:
        assert found.digits.isascii()
        assert found.digits.isdecimal()


@given(st.from_regex(r"(\+44 ?|0)(20|161) ?[1-9][0-9]{3} ?[0-9]{4}", fullmatch=True))
def test_a_number_that_is_kept_in_any_spelling_begins_as_the_index_looks_for_it(spelling: str) -> None:
    wanted = number(spelling)
    for kept in (spelling, telephone.written(spelling, HOME), f"{spelling} ext 4", f"old / {spelling}"):
        assert any(ending.startswith(wanted.ending) for ending in telephone.endings(kept)), kept
