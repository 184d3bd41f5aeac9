"""References are short, speakable, and never mistaken for one another."""

import string
import subprocess
import sys
from collections.abc import Iterator
from functools import reduce
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.tickets.reference import (
    ALPHABET,
    BadReferenceError,
    looks_like_reference,
    make,
    number,
    parse,
    spell,
    typed_beginning,
    typed_part,
)

FIRST_LONG = number("CD-10000-0")
LAST = number("CD-ZZZZZ-1")
SAMPLE = [*range(0, FIRST_LONG, 7919), FIRST_LONG - 1, FIRST_LONG, FIRST_LONG + 1, LAST // 2, LAST]
SEPARATORS = "- "

numbers = st.integers(min_value=0, max_value=LAST)


def heard(text: str) -> str:
    """What a text says, with the letters that are taken for digits."""
    return text.upper().replace("O", "0").replace("I", "1").replace("L", "1")


def compact(reference: str) -> str:
    return reference.replace("-", "")


def single_errors(text: str, characters: str) -> set[str]:
    """All texts with one character of `text` wrong, and not only written in another way."""
    return {
        wrong
        for at in range(len(text))
        for character in characters
        if heard(wrong := text[:at] + character + text[at + 1 :]) != heard(text)
    }


def swaps(text: str) -> set[str]:
    """All texts with two neighbours of `text` swapped that differ from it."""
    pairs = range(len(text) - 1)
    return {text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in pairs} - {text}


def refusal(text: str) -> str | None:
    """Why a text is no reference; None for a reference."""
    try:
        parse(text)
    except BadReferenceError as refused:
        return str(refused)
    return None


def taken(texts: set[str]) -> list[str]:
    """Those of `texts` that pass for references."""
    return [text for text in texts if refusal(text) is None]


def with_all(neighbours: int) -> Iterator[str]:
    """References that between them hold every combination of so many neighbours at every place of the body."""
    first = 31**4 - FIRST_LONG
    for length in (4, 5):
        for at in range(length - neighbours + 1):
            for characters in product(range(31), repeat=neighbours):
                digits = [7] * length
                digits[at : at + neighbours] = characters
                value = reduce(lambda above, digit: above * 31 + digit, digits, 0)
                if value >= (first if length == 4 else 31**4):
                    yield compact(make(value - first))


PRINTABLE = (
    "".join(sorted(set(string.printable) - set(string.whitespace) - set(SEPARATORS)))
    + "é٣ſı\N{ZERO WIDTH SPACE}"
)


@pytest.mark.parametrize("of", SAMPLE[::20] + SAMPLE[-5:])
def test_every_single_wrong_character_is_caught(of: int) -> None:
    reference = compact(make(of))
    assert not taken(single_errors(reference, PRINTABLE))
    assert not taken(single_errors(reference[2:], PRINTABLE))


@pytest.mark.slow
def test_every_character_at_every_place_taken_for_every_other_is_caught() -> None:
    references = [*with_all(1), *(compact(make(of)) for of in SAMPLE)]
    assert len(references) > 300
    assert not [error for reference in references for error in taken(single_errors(reference, ALPHABET))]


@pytest.mark.slow
def test_every_swap_of_every_two_neighbours_at_every_place_is_caught() -> None:
    references = [*with_all(2), *(compact(make(of)) for of in SAMPLE)]
    assert len(references) > 6_000
    assert not [error for reference in references for error in taken(swaps(reference) | swaps(reference[2:]))]


@given(numbers)
def test_every_wrong_character_and_swap_is_caught_in_any_reference(of: int) -> None:
    reference = compact(make(of))
    assert not taken(single_errors(reference, ALPHABET) | swaps(reference) | swaps(reference[2:]))


@given(st.integers(min_value=0, max_value=FIRST_LONG - 1))
def test_a_character_that_was_left_out_is_caught(of: int) -> None:
    reference = compact(make(of))
    assert not taken({reference[:at] + reference[at + 1 :] for at in range(2, len(reference))})


@given(numbers)
def test_a_reference_names_its_number_and_no_other(of: int) -> None:
    assert number(make(of)) == of


def test_references_are_four_characters_long_until_those_are_used_up() -> None:
    assert make(0) == "CD-4C00-W"
    assert make(1) == "CD-4C01-T"
    assert make(FIRST_LONG - 1) == "CD-ZZZZ-0"
    assert make(FIRST_LONG) == "CD-10000-0"
    assert make(LAST) == "CD-ZZZZZ-1"
    assert {len(make(of)) for of in SAMPLE} == {9, 10}


@pytest.mark.parametrize("of", [-1, LAST + 1])
def test_a_number_out_of_range_has_no_reference(of: int) -> None:
    with pytest.raises(ValueError, match=f"no reference for ticket number {of}"):
        make(of)


@given(numbers, st.data())
def test_case_dashes_spaces_and_lookalikes_do_not_matter(of: int, data: st.DataObject) -> None:
    reference = make(of)
    ways = {"0": "0Oo", "1": "1IiLl", "-": ["-", "", " ", " - ", "–", "\N{NO-BREAK SPACE}"]}
    typed = "".join(
        data.draw(st.sampled_from(ways.get(character, character + character.lower())))
        for character in reference
    )
    assert parse(typed) == reference
    assert parse(f" {typed}\n") == reference


@given(numbers.filter(lambda of: not make(of).startswith("CD-CD") or of < FIRST_LONG))
def test_the_prefix_may_be_left_out(of: int) -> None:
    assert parse(make(of).removeprefix("CD-")) == make(of)


@given(st.text())
def test_any_text_is_a_reference_or_refused(text: str) -> None:
    why = refusal(text)
    if why is None:
        assert make(number(text)) == parse(text)
    else:
        assert why.isprintable()
        assert why.endswith(("ask for it again", "one looks like CD-4CAG-H"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("CD-4F7K-8", "CD-4F7K-8 is not a reference: the check character is wrong; ask for it again"),
        ("cd-4s7k-z", "no reference contains S .perhaps 5 or F."),
        ("CD-4U7K-Z", "no reference contains U .perhaps V or Q."),
        ("CD-4F/K-Z", "only letters and digits"),
        ("DC-4F7K-Z", "begins with CD"),
        ("hello", "hello is not a reference: one looks like CD-4CAG-H"),
        ("CD-4F7-Z", "CD, 4 or 5 characters and a check character"),
        ("", "Nothing is not a reference"),
        ("\x1b]0;x\x07", r"\]0;x is not a reference"),
        ("9" * 10_000, "^9{20} is not a reference"),
        ("CD-0000-1", "no reference starts that low"),
        ("CD-04F7K-Z", "no reference starts that low"),
    ],
)
def test_a_refusal_says_why_and_what_to_do(text: str, why: str) -> None:
    with pytest.raises(BadReferenceError, match=why):
        parse(text)


WRITTEN = [
    "[CD-4C00-W]",
    "#CD-4C00-W",
    "CD-4C00-W.",
    '"CD-4C00-W",',
    "<cd4c00w>",
    "(4C00-W)",
    "4C00-W",
    "\u202aCD-4C00-W\u202c",
    "\u2066CD\u2011\u20604C00\u2011W\u2069",
    "\ufeffCD-4C00-W",
    "CD-\u200b4C\u00ad00-W",
    "CD\u00a0\u2013\u00a04C00 \u2212 W",
    "\uff23\uff24\uff0d\uff14\uff23\uff10\uff10\uff0d\uff37",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_reference_is_taken_with_what_stands_around_it_and_what_nobody_sees(text: str) -> None:
    assert parse(text) == "CD-4C00-W"
    assert looks_like_reference(text)


@pytest.mark.parametrize("text", ["4CB3-8", "4cb38", "#4CB3-8", "cd 4cb3 8"])
def test_the_part_after_the_prefix_will_do(text: str) -> None:
    assert parse(text) == "CD-4CB3-8"


@pytest.mark.parametrize(
    "text",
    [
        "Re: CD-4C00-W urgent",
        "Re: [CD-4C00-W] urgent",
        "please look at 4C00-W",
        "CD-4C00-W, and again cd4c00w",
        "https://desk.example/t/CD-4C00-W?tab=2",
        "Ticket CD-4C00-W's owner",
        f"{'word ' * 900}CD-4C00-W",
    ],
)
def test_a_reference_is_found_amid_other_words(text: str) -> None:
    assert parse(text) == "CD-4C00-W"
    assert not looks_like_reference(text)


def test_of_several_references_in_a_text_none_is_chosen() -> None:
    with pytest.raises(BadReferenceError, match="CD-4C00-W and CD-4C01-T are 2 references; type one of them"):
        parse("CD-4C00-W is like CD-4C01-T")


def test_a_wrong_check_character_amid_other_words_is_said_with_the_reference() -> None:
    with pytest.raises(
        BadReferenceError, match=r"^CD-4C00-X is not a reference: the check character is wrong"
    ):
        parse("Re: CD-4C00-X urgent")


@pytest.mark.parametrize("text", ["XCD-4C00-W", "CD-4C00-W-1", "CD-4C00-WX", "no such thing"])
def test_what_only_holds_the_characters_of_a_reference_is_none(text: str) -> None:
    assert refusal(text)


@pytest.mark.parametrize("text", ["CD-4C0", "cd4", "CD-", "4cb3-", "4CB3-9", "[cd-4"])
def test_half_a_reference_and_a_wrong_one_are_meant_as_one(text: str) -> None:
    assert looks_like_reference(text)


@pytest.mark.parametrize(
    "text", ["", "CD", "CD Ltd", "Cdrom", "5551-2", "020 7946-0", "hello", "4cb38", "10-12"]
)
def test_a_name_a_company_and_a_number_are_not_meant_as_references(text: str) -> None:
    assert not looks_like_reference(text)


def test_a_part_of_a_reference_is_compared_without_dashes_and_marks() -> None:
    assert typed_part(" [cd-4co] ") == "CD4C0"
    assert (typed_beginning("c"), typed_beginning("cd-4c"), typed_beginning("4c")) == ("C", "CD4C", "CD4C")


def test_a_reference_is_spelt_for_reading_out() -> None:
    assert spell("cd4f7kz") == "Charlie Delta, four Foxtrot seven Kilo, Zulu"


def test_stdnum_is_loaded_only_when_a_check_character_is_needed() -> None:
    script = "import sys, supportdesk.tickets.reference; sys.exit('stdnum' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize("text", ["CD_4C00_W", "cd_4coo_w", "see screenshot_CD_4C00_W.png of that"])
def test_a_reference_with_underscores_is_read(text: str) -> None:
    assert parse(text) == "CD-4C00-W"
    assert looks_like_reference("CD_4C00_W")
    assert refusal("CD_4C00_X") is not None
    assert refusal("CD-4C_0-W") is not None
