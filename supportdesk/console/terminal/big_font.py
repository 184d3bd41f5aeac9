"""A font to be read from across the room, drawn with half blocks or, larger, with full blocks."""

from __future__ import annotations

_GLYPHS = {
    "0": "3e5149453e", "1": "00427f4000", "2": "4261514946", "3": "2141454b31", "4": "1814127f10",
    "5": "2745454539", "6": "3c4a494930", "7": "0171090503", "8": "3649494936", "9": "064949291e",
    "A": "7e1111117e", "B": "7f49494936", "C": "3e41414122", "D": "7f4141221c", "E": "7f49494941",
    "F": "7f09090901", "G": "3e4149497a", "H": "7f0808087f", "I": "417f41", "J": "2040413f01",
    "K": "7f08142241", "L": "7f40404040", "M": "7f020c027f", "N": "7f0408107f", "O": "3e4141413e",
    "P": "7f09090906", "Q": "3e4151215e", "R": "7f09192946", "S": "2649494932", "T": "01017f0101",
    "U": "3f4040403f", "V": "1f2040201f", "W": "3f4038403f", "X": "6314081463", "Y": "0708700807",
    "Z": "6151494543", "-": "0008080800",
    "a": "2054545478", "b": "7f44444438", "c": "3844444428", "d": "384444447f", "e": "3854545418",
    "f": "087e0902", "g": "18a4a4a47c", "h": "7f04040478", "i": "447d40", "j": "80847d", "k": "7f102844",
    "l": "417f40", "m": "7c04780478", "n": "7c04040478", "o": "3844444438", "p": "fc24242418",
    "q": "18242424fc", "r": "7c080404", "s": "4854545424", "t": "043f4424", "u": "3c4040407c",
    "v": "1c2040201c", "w": "3c4038403c", "x": "4428102844", "y": "1ca0a0a07c", "z": "4464544c44",
    "'": "0503", ".": "40", " ": "000000", ":": "36", "%": "2313086462",
}  # fmt: skip
"""The columns of each glyph as hexadecimal bytes; the lowest bit is the top one of eight dots, the last a descender."""

_HALVES = (" ", "▀", "▄", "█")
_DOTS = 7
"""The height in dots of a glyph without a descender, such as capitals and digits."""
LINES = 4
"""The height of the half-block font, in lines."""


def has_glyphs(text: str) -> bool:
    """Return whether every character has a glyph."""
    return all(character in _GLYPHS for character in text)


def half_block_lines(text: str, gap: int = 2) -> list[str]:
    """Return a text as four lines of half blocks. Raises KeyError for a character without a glyph."""
    columns = _columns(text, gap)
    return ["".join(_HALVES[dots >> 2 * line & 3] for dots in columns).rstrip() for line in range(LINES)]


def full_block_lines(text: str) -> list[str]:
    """Return a text as seven lines of full blocks, about twelve cells for a letter; for capitals and digits."""
    columns = _columns(text, 1)
    return ["".join("██" if dots >> line & 1 else "  " for dots in columns).rstrip() for line in range(_DOTS)]


def _columns(text: str, gap: int) -> list[int]:
    """Return the columns of dots of a text, with `gap` empty ones after each letter."""
    return [
        dots for character in text for dots in (*bytes.fromhex(_GLYPHS[character]), *(0 for _ in range(gap)))
    ]
