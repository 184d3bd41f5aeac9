"""A ticket's reference in letters that are read from across the desk, to be read back to a caller."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from supportdesk.console.signs import PLAIN, signs_here

_GLYPHS = {
    "0": "3e5149453e", "1": "00427f4000", "2": "4261514946", "3": "2141454b31", "4": "1814127f10",
    "5": "2745454539", "6": "3c4a494930", "7": "0171090503", "8": "3649494936", "9": "064949291e",
    "A": "7e1111117e", "B": "7f49494936", "C": "3e41414122", "D": "7f4141221c", "E": "7f49494941",
    "F": "7f09090901", "G": "3e4149497a", "H": "7f0808087f", "J": "2040413f01", "K": "7f08142241",
    "M": "7f020c027f", "N": "7f0408107f", "P": "7f09090906", "Q": "3e4151215e", "R": "7f09192946",
    "T": "01017f0101", "V": "1f2040201f", "W": "3f4038403f", "X": "6314081463", "Y": "0708700807",
    "Z": "6151494543", "-": "0008080800",
}  # fmt: skip
"""Five columns of a letter as bytes; the lowest bit is the uppermost of seven dots."""

_HALVES = (" ", "▀", "▄", "█")
_LINES = 4
_GAP = 2


def lines(reference: str) -> list[str]:
    """The reference as four lines of half blocks."""
    columns = [
        dots
        for character in reference
        for dots in (*bytes.fromhex(_GLYPHS[character]), *(0 for _ in range(_GAP)))
    ]
    return ["".join(_HALVES[dots >> 2 * line & 3] for dots in columns).rstrip() for line in range(_LINES)]


class LargeReference(Widget):
    """The reference; in plain letters where it does not fit, or where the terminal has no half blocks."""

    def __init__(self, reference: str) -> None:
        super().__init__()
        self._reference = reference
        self._lines = lines(reference)

    def _fits(self, width: int) -> bool:
        return signs_here() is not PLAIN and max(map(len, self._lines)) <= width

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Four lines, or one."""
        return _LINES if self._fits(width) else 1

    def render(self) -> Content:
        """The dots, or the letters."""
        return Content("\n".join(self._lines) if self._fits(self.content_size.width) else self._reference)
