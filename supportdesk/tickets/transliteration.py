"""Writes names in other scripts in Latin letters, for keys only; nothing is converted back.

Cyrillic and Greek follow the passport spellings (ICAO 9303, ELOT 743), kana and Hangul the names of their characters.
Scripts whose letters do not determine their sounds (Han, Arabic, Hebrew, Thai and others) are left out.
"""

from __future__ import annotations

import unicodedata

from supportdesk.tickets.folding import fold

_SPELLINGS = """
    а=a б=b в=v г=g д=d е=e ж=zh з=z и=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ъ=ie
    ы=y ь= э=e ю=iu я=ia є=ie і=i ґ=g ђ=dj ј=j љ=lj њ=nj ћ=c џ=dz ѕ=dz ә=a ө=o ү=u қ=k ң=n һ=h
    α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s τ=t υ=y φ=f χ=ch ψ=ps ω=o
"""
_LETTERS = str.maketrans(dict(spelling.split("=") for spelling in _SPELLINGS.split()))
_NAMED = ("HANGUL SYLLABLE ", "HIRAGANA LETTER ", "KATAKANA LETTER ")


def latin(text: str) -> str:
    """Return the folded text in ASCII letters; other characters become spaces."""
    return "".join(map(_letter, fold(text).translate(_LETTERS)))


def _letter(character: str) -> str:
    if character.isascii():
        return character
    name = unicodedata.name(character, "")
    return name.split()[-1].lower() if name.startswith(_NAMED) else " "
