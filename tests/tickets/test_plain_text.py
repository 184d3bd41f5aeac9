"""Text from outside is made plain on its way in."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.tickets.plain_text import UNWANTED, clean_line, clean_text

HOSTILE = "[/oops] [@click=app.quit]x[/] \x1b]0;x\x07 \u202egnp.exe\u202c \x9b2J \x00"
ANYTHING = st.text(st.characters(exclude_categories=())) | st.text(
    st.sampled_from("a é\u0301\u200d\u202e\x1b[0m\x9b\x85\r\n\t\x00\ud83d\ude00\ufeff👩\u2028"), max_size=40
)


def test_a_hostile_line_keeps_its_words_and_loses_its_powers() -> None:
    assert clean_line(HOSTILE, 200).text == "[/oops] [@click=app.quit]x[/] ]0;x gnp.exe"


@given(ANYTHING)
def test_nothing_unwanted_is_left(text: str) -> None:
    for cleaned in (clean_line(text, 200).text, clean_text(text, 200).text):
        assert not UNWANTED.search(cleaned)
        assert "\r" not in cleaned
        cleaned.encode("utf-8")


@given(ANYTHING, st.integers(1, 40))
def test_cleaning_twice_is_cleaning_once(text: str, limit: int) -> None:
    line, lines = clean_line(text, limit).text, clean_text(text, limit).text
    assert clean_line(line, limit).text == line
    assert clean_text(lines, limit).text == lines


@given(ANYTHING, st.integers(0, 40))
def test_a_text_is_never_longer_than_its_limit_and_says_when_it_was_cut(text: str, limit: int) -> None:
    for clean in (clean_line, clean_text):
        cleaned = clean(text, limit)
        whole = clean(text, 1_000_000)
        assert len(cleaned.text) <= limit
        assert cleaned.length == len(whole.text)
        assert cleaned.cut == (len(whole.text) > limit)
        assert cleaned.cut or cleaned.text == whole.text


def test_every_unwanted_character_is_one_that_python_calls_unprintable() -> None:
    """The console relies on it: a text that is printable needs no second look."""
    unwanted = [chr(code) for code in range(0x110000) if UNWANTED.match(chr(code))]
    assert len(unwanted) > 2_000
    assert not [character for character in unwanted if character.isprintable()]


@pytest.mark.parametrize(
    "name",
    [
        "RIGHT-TO-LEFT OVERRIDE",
        "LEFT-TO-RIGHT OVERRIDE",
        "RIGHT-TO-LEFT EMBEDDING",
        "POP DIRECTIONAL FORMATTING",
        "RIGHT-TO-LEFT ISOLATE",
        "POP DIRECTIONAL ISOLATE",
        "RIGHT-TO-LEFT MARK",
        "ARABIC LETTER MARK",
        "ZERO WIDTH SPACE",
        "ZERO WIDTH NO-BREAK SPACE",
        "SOFT HYPHEN",
        "TAG LATIN SMALL LETTER A",
    ],
)
def test_characters_that_reorder_or_hide_are_taken_out(name: str) -> None:
    assert clean_line(f"a{unicodedata.lookup(name)}b", 200).text == "ab"


def test_hebrew_arabic_persian_and_indic_words_stay_as_they_are() -> None:
    words = "שלום مرحبا می\u200cخواهم क्\u200dष"
    assert clean_line(words, 200).text == words


def test_a_line_is_one_line_whatever_ends_its_lines() -> None:
    assert clean_line(" a\r\nb\rc\nd\x85e\u2028f\u2029g\th\x0b\x0ci  j ", 200).text == "a b c d e f g h i j"


def test_a_text_keeps_its_lines_and_tabs() -> None:
    assert clean_text("\n\nfirst  \r\n\tsecond\rthird\u2028fourth\n\n", 200).text == (
        "first\n\tsecond\nthird\nfourth"
    )


def test_colouring_of_pasted_terminal_output_goes_as_a_whole() -> None:
    assert clean_line("\x1b[1;31mERROR\x1b[0m disk \x9b4mfull\x9bm", 200).text == "ERROR disk full"


def test_a_control_before_a_bracket_does_not_take_the_words_with_it() -> None:
    assert clean_line("\x1b[/oops] \x1b[@click=x]", 200).text == "[/oops] [@click=x]"


def test_letters_are_composed_so_that_what_looks_alike_is_found_alike() -> None:
    assert clean_line("Cafe\u0301", 200).text == "Caf\u00e9"


def test_an_accent_that_a_control_parted_from_its_letter_is_joined_to_it() -> None:
    assert clean_line("Cafe\x00\u0301", 200).text == "Caf\u00e9"


def test_two_halves_that_belong_together_become_their_character_and_lone_ones_go() -> None:
    assert clean_line("a\ud83d\ude00b\ud83dc\ude00d", 200).text == "a😀bcd"


def test_a_long_text_is_cut_at_its_limit_with_the_length_it_had() -> None:
    cleaned = clean_text("x" * 300, 200)
    assert (cleaned.text, cleaned.cut, cleaned.length) == ("x" * 200, True, 300)


def test_a_text_of_exactly_the_limit_is_not_cut() -> None:
    cleaned = clean_line("x" * 200, 200)
    assert (cleaned.cut, cleaned.length) == (False, 200)


def test_a_cut_does_not_part_an_accent_from_its_letter_nor_a_family() -> None:
    assert clean_line("ab q\u0308\u0323 z", 4).text == "ab"
    assert clean_line("a👩\u200d👩\u200d👧b", 4).text == "a"


def test_a_cut_through_endless_accents_still_keeps_the_most_of_them() -> None:
    assert len(clean_line("q" + "\u0308" * 500, 200).text) > 160
