"""How texts are compared: without case, accents and typography, in any script and Unicode form.

Every search, completion and lookup compares by `fold` or by the words of `spaced`, so that all of them find the same.
Texts are stored and shown as they were written. `same_name` is stricter: it decides whether two names are one person's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u0f00-\u0fff"  # Tibetan
    "\u1000-\u109f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\u1100-\u11ff\uac00-\ud7a3"  # Hangul
)
"""Scripts that write words without spaces, or join endings to them: a word may begin at any character."""

_SIGNS = "\u0900-\u0963\u0966-\u0dff"
"""Indic letters with their vowel signs, which Python does not count as parts of words."""

_WORD = rf"[{_UNSPACED}]+|(?:[^\W_{_UNSPACED}]|[{_SIGNS}])+"
_SPACED_WORD = rf"[{_UNSPACED}]|(?:[^\W_{_UNSPACED}]|[{_SIGNS}])+"
_RUN = rf"[{_UNSPACED}]+"
_ASCII_WORD = re.compile("[0-9a-z]+")
_compiled = cache(re.compile)
"""Compiles a pattern when it is first used: these take milliseconds each."""

_LATIN = re.compile(r"LATIN (?:SMALL|CAPITAL) (?:LETTER|LIGATURE) (.+?)(?: WITH .+)?")
"""The Unicode name of a Latin letter, with the base letter that it has without its stroke, hook or tail."""

_LETTERS_BY_NAME = {
    "AE": "ae", "OE": "oe", "OU": "ou", "THORN": "th", "ETH": "d", "DOTLESS I": "i", "DOTLESS J": "j",
    "ENG": "n", "KRA": "k", "SCHWA": "e", "OPEN E": "e", "OPEN O": "o", "ESH": "s", "EZH": "z", "TURNED V": "v",
    "TURNED M": "m", "TURNED E": "e", "TURNED A": "a", "AFRICAN D": "d", "REVERSED E": "e",
}  # fmt: skip
"""Latin letters that Unicode does not decompose and whose names are not their base letter."""

_TYPOGRAPHY = dict.fromkeys(map(ord, "‘’‚‛′ʹʻʼʽ"), "'") | dict.fromkeys(map(ord, "“”„‟″«»"), '"')

_KEPT_MARKS = frozenset((0, 7, 8, 9))
"""Combining classes of vowel signs, nuktas, voicing marks and viramas: without them it would be another word."""

_FIXED_MARKS = range(84, 200)
"""Combining classes of Telugu, Thai, Lao and Tibetan signs, which are parts of a word as well."""

_VARIATIONS = range(0xFE00, 0xFE10)


class _Folding(dict[int, str]):
    """Maps each character of a text in NFKD to its folded form, computed once for each."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = "".join(map(_folded, unicodedata.normalize("NFKD", chr(code).casefold())))
        return folded


def _folded(character: str) -> str:
    combining, category = unicodedata.combining(character), unicodedata.category(character)
    if combining and combining not in _KEPT_MARKS and combining not in _FIXED_MARKS:
        return ""
    if category == "Cf" or ord(character) in _VARIATIONS:
        return ""
    if category == "Pd" or character == "\u2212":
        return "-"
    latin = _LATIN.fullmatch(unicodedata.name(character, ""))
    if latin is None or character.isascii():
        return character
    return latin[1].lower() if len(latin[1]) == 1 else _LETTERS_BY_NAME.get(latin[1], character)


_FOLDING = _Folding(_TYPOGRAPHY)
_NOT_ASCII = re.compile("[^\x00-\x7f]+")


def fold(text: str) -> str:
    """Return a text in the form in which texts are compared; its length may differ from that of the original."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.replace("\u00b4", "'")).lower()
    return unicodedata.normalize("NFC", _NOT_ASCII.sub(_fold_letters, plain))


def _fold_letters(found: re.Match[str]) -> str:
    return found[0].translate(_FOLDING)


def words(text: str) -> list[str]:
    """Return the folded words of a text in order; a run of a script without spaces is one word."""
    return _find_words(_WORD, fold(text))


def spaced(text: str) -> str:
    """Return the folded words separated by single spaces; each character of a script without spaces is a word."""
    return " ".join(_find_words(_SPACED_WORD, fold(text)))


def _find_words(pattern: str, folded: str) -> list[str]:
    return (_ASCII_WORD if folded.isascii() else _compiled(pattern)).findall(folded)


def is_unspaced(word: str) -> bool:
    """Return whether a folded word is a run of a script without spaces."""
    return _compiled(_RUN).fullmatch(word) is not None


_spaced_again = lru_cache(maxsize=1 << 16)(spaced)
_SHORT = 200
"""The length, in characters, up to which texts are cached: names are compared again at every key press."""


def prefix_matcher(typed: str) -> Callable[[str], bool]:
    """Return a function that tells whether a word of a text begins with `typed`.

    Dashes and other punctuation count as spaces. In a script without spaces a word may begin at any character.
    """
    wanted, whole = f" {spaced(typed)}", fold(typed)
    if wanted == " ":
        return lambda text: fold(text).startswith(whole)

    def begins_one(text: str) -> bool:
        return wanted in f" {_spaced_again(text) if len(text) <= _SHORT else spaced(text)}"

    return begins_one


def begins(typed: str, *texts: str) -> bool:
    """Return whether a word of one of the texts begins with `typed`; see `prefix_matcher`."""
    return any(map(prefix_matcher(typed), texts))


def all_begin(typed: str, text: str) -> bool:
    """Return whether each typed word begins a word of the text."""
    return all(begins(word, text) for word in words(typed))


def same_name(name: str) -> str:
    """Return the form in which names are told apart: case, white space and Unicode form do not count, accents do."""
    if name.isascii():
        return " ".join(name.lower().split())
    # Not `casefold`: it makes Weiss of Weiß, who is somebody else.
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())
    return " ".join(composed.split())


_SPELT_OUT = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "å": "aa",
        "ø": "oe",
        "Ä": "ae",
        "Ö": "oe",
        "Ü": "ue",
        "Å": "aa",
        "Ø": "oe",
    }
)
"""The letters that German and the Nordic languages write as two where they are not at hand; ß and æ fold to two."""

_LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЬаеѕіјкморстухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχγ",
    "ABESIJKMHOPCTYXbaesijkmopctyxhdqwABEZHIKMNOPTYXaeikvoptuxy",
)
"""Cyrillic and Greek letters that look like a Latin one."""


def similar_forms(name: str) -> frozenset[str]:
    """Return the folded forms of a name; two names are similar if they share one.

    They are the name as it is, with umlauts spelt out (`Mueller`), with letters of other scripts read as the Latin ones
    that they look like, and with a surname before a comma moved to the end. Only for comparing names: a search that
    used these would find more than what was typed.
    """
    composed = " ".join(unicodedata.normalize("NFC", name).split())
    surname, comma, rest = composed.partition(",")
    orders = [composed]
    if comma and surname.strip() and rest.strip() and "," not in rest:
        orders.append(f"{rest.strip()} {surname.strip()}")
    written = [form for each in orders for form in (each, each.translate(_LOOK_ALIKES))]
    return frozenset(fold(form) for each in written for form in (each, each.translate(_SPELT_OUT)))
