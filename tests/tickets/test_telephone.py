"""Telephone numbers as people write them, say them and keep them."""

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from supportdesk.tickets import telephone
from supportdesk.tickets.telephone import Likeness, Number
from tests.tickets.scenario import claritum

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
    "\uff0b\uff14\uff14\u3000\uff08\uff10\uff09\uff12\uff10\u3000\uff17\uff19\uff14\uff16\uff0d\uff10\uff10\uff11\uff18",
    "tel:020-7946-0018;phone-context=+44",
    "tel:7946-0018;phone-context=+4420",
    '"Maria" <sip:+442079460018@pbx.example>',
    "Maria <tel:+44-20-7946-0018;ext=12>",
    '"Maria <Park> \\" 0171" <sip:+442079460018@pbx.example>',
    "sip:%2B442079460018@pbx.example",
    "sip:+442079460018:secret@pbx.example",
    "sips:02079460018;phone-context=+44@pbx.example;user=phone",
    "+442079460018@pbx.example",
    "\u202a+44 20 7946 0018\u202c",
    "\u2066020\u00a07946\u20110018\u2069",
    "\ufeff020 7946\u200b 0018",
)


def number(text: str) -> Number:
    found = telephone.parse(text, HOME)
    assert found is not None
    return found


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_number_is_the_same_number(spelling: str) -> None:
    assert number(spelling).international == "+442079460018"
    assert telephone.format_number(spelling, HOME) == "+44 20 7946 0018"
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
    assert telephone.home_region(claritum()) == "GB"
    found = telephone.parse("030 901820", "DE")
    assert found is not None
    assert found.international == "+4930901820"


def test_a_policy_without_a_country_is_taken_to_be_at_home() -> None:
    class Bare:
        calendars = ()

    assert telephone.home_region(Bare()) == "GB"  # type: ignore[arg-type]


GERMAN = (
    "089/1234567",
    "089 / 12 34 567",
    "(089) 1234567",
    "089-1234567",
    "0049 89 1234567",
    "0049891234567",
    "+49 89 1234567",
    "+49 (0)89 1234567",
    "+49 (0)89/1234567",
    "+4989/1234567",
    "tel:+49-89-1234567",
    "089/1234567 Durchwahl 12",
)


@pytest.mark.parametrize(
    ("home", "spellings"),
    [
        ("DE", GERMAN),
        ("DE", ("05141/123", "+49 5141 123", "0049 5141/123")),
        ("IT", ("06 1234 5678", "+39 06 1234 5678", "0039 0612345678", "06/12345678")),
        ("US", ("(212) 555-0123", "212.555.0123", "1-212-555-0123", "+1 212 555 0123", "+12125550123")),
        ("US", ("+44 20 7946 0018", "011 44 20 7946 0018", "0044 20 7946 0018")),
        ("GB", ("01632 960123", "+44 1632 960123", "0044 (0)1632 960123")),
    ],
)
def test_a_number_is_found_by_every_spelling_of_its_country(home: str, spellings: tuple[str, ...]) -> None:
    for typed, kept in product(spellings, repeat=2):
        wanted = telephone.parse(typed, home)
        assert wanted is not None
        assert telephone.likeness(wanted, kept, home) is Likeness.SAME, (typed, kept)
        assert any(each.startswith(wanted.ending) for each in telephone.endings(kept)), (typed, kept)


@pytest.mark.parametrize(
    "text",
    [
        "anonymous",
        "Withheld",
        "unknown caller",
        "sip:anonymous@anonymous.invalid",
        '"Anonymous" <sip:anonymous@anonymous.invalid>',
        "+266696687",
    ],
)
def test_a_withheld_number_is_known_as_one(text: str) -> None:
    assert telephone.is_withheld(text)


@pytest.mark.parametrize("text", ["", "020 7946 0018", "Jo Park", "sip:jo@acme.example"])
def test_other_texts_are_no_withheld_numbers(text: str) -> None:
    assert not telephone.is_withheld(text)


@pytest.mark.parametrize("text", ["", *SPELLINGS, "07700 900104", "7946 0018", "4711", "12345"])
def test_a_number_that_is_possible_can_be_saved(text: str) -> None:
    assert telephone.find_fault(text, HOME) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("abc", "is not a telephone number"),
        ("123", "is not a telephone number"),
        ("jo@acme.example", "is not a telephone number"),
        ("mobile 07700 900123", "is not a telephone number"),
        ("020 79", "is too short"),
        ("+44 20", "is too short"),
        ("+44 20 79", "is too short"),
        ("020 7946 0018 1234 56", "is too long"),
        ("+999 20 7946 0018", "a country code that does not exist"),
        ("00000000000", "only zeros"),
        ("+44 0000 000000", "only zeros"),
        ("0000", "only zeros"),
        ("020 7946 0018 / 07700 900123", "contains several numbers"),
        ("020 7946 0018 or 07700 900123", "contains several numbers"),
        ("020 7946 0018, 07700 900123", "contains several numbers"),
    ],
)
def test_what_cannot_be_a_number_is_reported_with_why_and_an_example(text: str, why: str) -> None:
    told = telephone.find_fault(text, HOME)
    assert told is not None
    assert why in told
    assert told.endswith("type it as in +44 20 7946 0018")


@given(st.text(max_size=80) | st.text(alphabet="+0123456789 ()-./x,;@:#٣", max_size=40))
@example("tel:")
@example("ext 5")
def test_no_text_makes_reading_a_number_fail(text: str) -> None:
    found = telephone.parse(text, HOME)
    telephone.format_number(text, HOME)
    telephone.find_fault(text, HOME)
    telephone.is_withheld(text)
    list(telephone.endings(text))
    telephone.likeness(number("020 7946 0018"), text, HOME)
    if found is not None:
        assert found.digits.isascii()
        assert found.digits.isdecimal()


@given(st.from_regex(r"(\+44 ?|0)(20|161) ?[1-9][0-9]{3} ?[0-9]{4}", fullmatch=True))
def test_a_number_that_is_saved_in_any_spelling_begins_as_the_index_looks_for_it(spelling: str) -> None:
    wanted = number(spelling)
    for kept in (spelling, telephone.format_number(spelling, HOME), f"{spelling} ext 4", f"old / {spelling}"):
        assert any(ending.startswith(wanted.ending) for ending in telephone.endings(kept)), kept


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('"Pat Jones" <tel:+442079460018>', "Pat Jones"),
        ("Pat  Jones <sip:+442079460018@pbx.example>", "Pat Jones"),
        ('"Pat (Ext. <7>) Jones" <tel:+442079460018>', "Pat (Ext. <7>) Jones"),
        ('"+44 20 7946 0018" <sip:+442079460018@pbx.example>', ""),
        ('"Anonymous" <sip:anonymous@anonymous.invalid>', ""),
        ("<tel:+442079460018>", ""),
        ("020 7946 0018", ""),
    ],
)
def test_the_name_beside_a_number_is_found(text: str, name: str) -> None:
    assert telephone.name_beside(text) == name
    again = telephone.beside_name(telephone.extract_number(text), name)
    assert telephone.extract_number(again) == telephone.extract_number(text)
    assert telephone.name_beside(again) == name
