"""How texts are compared: the same for every script, spelling and form of a letter."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.tickets.folding import begins, fold, same_name, spaced, words

ACCENTED = [
    ("Müller", "muller"),
    ("Mu\u0308ller", "muller"),
    ("Łódź", "lodz"),
    ("Øresund", "oresund"),
    ("Đorđe", "dorde"),
    ("Ægir", "aegir"),
    ("Þórður", "thordur"),
    ("Straße", "strasse"),
    ("STRAẞE", "strasse"),
    ("Œuvre", "oeuvre"),
    ("ISPARTA ısparta İsparta", "isparta isparta isparta"),
    ("Ħamrun Ŧ ŋ", "hamrun t n"),
    ("Nguyễn Thị", "nguyen thi"),
    ("ＡＣＭＥ　１２", "acme 12"),
    ("Ἀθῆναι", "αθηναι"),
    ("ΟΔΟΣ", "οδοσ"),
    ("Ёлка Йод", "елка иод"),
    ("ﬁnance", "finance"),
    ("O\u2019Brien\u2013Smith", "o'brien-smith"),
    ("soft\u00adhyphen\u200b", "softhyphen"),
    ("ｶﾞｲﾄﾞ", "ガイド"),
    ("\u1112\u1161\u11ab", "한"),
]


@pytest.mark.parametrize(("written", "folded"), ACCENTED)
def test_case_accents_form_and_typography_do_not_count(written: str, folded: str) -> None:
    assert fold(written) == fold(unicodedata.normalize("NFD", written)) == folded


@pytest.mark.parametrize(("one", "other"), [("か", "が"), ("นา", "นี้"), ("कि", "की"), ("は", "ぱ")])
def test_marks_that_make_another_word_count(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_a_folded_text_is_folded_once_and_for_all(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert spaced(spaced(text)) == spaced(text)


def test_every_letter_is_folded_once_and_for_all() -> None:
    letters = (chr(code) for code in range(0x3000) if chr(code).isprintable())
    assert [letter for letter in letters if fold(fold(letter)) != fold(letter)] == []


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("京都", "東京都庁"),
        ("プリンタ", "新しいプリンタが壊れた"),
        ("은행", "우리은행"),
        ("ไทย", "ธนาคารไทยพาณิชย์"),
        ("lodz", "Urząd Łódź"),
        ("smith jones", "Smith-Jones Ltd"),
        ("हिन्दी", "नई हिन्दी"),
    ],
)
def test_a_word_is_found_by_its_beginning_and_anywhere_in_a_script_without_spaces(
    typed: str, text: str
) -> None:
    assert begins(typed, "something else", text)


@pytest.mark.parametrize(("typed", "text"), [("ones", "Smith-Jones"), ("都京", "東京都"), ("o", "Acme")])
def test_nothing_else_is_found(typed: str, text: str) -> None:
    assert not begins(typed, text)


def test_the_words_of_a_text_are_distinguished_by_spaces_signs_and_scripts() -> None:
    assert words("Error-42: iPhone手机 kaputt_jetzt") == ["error", "42", "iphone", "手机", "kaputt", "jetzt"]
    assert spaced("iPhone手机") == "iphone 手 机"


def test_a_name_is_the_same_in_any_case_form_and_spacing_and_another_with_an_accent() -> None:
    assert same_name(" Jo  MU\u0308LLER ") == same_name("jo m\u00fcller")
    assert same_name("Jo Muller") != same_name("Jo Müller")
    assert same_name("Jo WEISS") != same_name("Jo Weiß") == same_name("jo weiß")
    assert same_name("ΣΊΣΥΦΟΣ") == same_name("Σίσυφος")
