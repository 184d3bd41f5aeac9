"""What is done to every text before it is stored, compared, drawn or printed."""

from __future__ import annotations

import csv
import io
import unicodedata

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from supportdesk.cli.csv_cells import text_cell
from supportdesk.cli.decoding import decode
from supportdesk.cli.output import LONGEST_LINE, sanitize_line, shorten_message
from supportdesk.console.search.palette_matcher import FoldingMatcher
from supportdesk.console.terminal.safe_text import SanitizingFilter, one_line, safe, safe_lines
from supportdesk.tickets import folding, record_keys, transliteration
from supportdesk.tickets.plain_text import clean_line, clean_text
from tests.fuzz.target import Target, as_text, assert_helps, assert_plain, text_target

BLACK = Color(0, 0, 0)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@text_target("cleaner")
def cleaner(text: str) -> None:
    """A cleaned text is printable, composed, within its limit, and clean already."""
    for limit in (1, 40, 100_000):
        for clean in (clean_line, clean_text):
            found = clean(text, limit)
            assert_plain(found.text)
            assert len(found.text) <= limit
            assert found.cut == (found.length > limit)
            assert unicodedata.is_normalized("NFC", found.text)
            assert clean(found.text, limit).text == found.text
        assert len(clean_line(text, limit).text.splitlines()) <= 1
    if text.isascii() and text.isprintable():
        assert clean_line(text, 100_000).text == " ".join(text.split())[:100_000].rstrip()


@text_target("folding")
def folded(text: str) -> None:
    """What is compared is the same however often it is folded, and a text always matches itself."""
    once = folding.fold(text)
    assert folding.fold(once) == once
    assert folding.same_name(folding.same_name(text)) == folding.same_name(text)
    assert folding.spaced(folding.spaced(text)) == folding.spaced(text)
    assert once == folding.fold(unicodedata.normalize("NFD", text))
    assert folding.begins(text, text)
    assert folding.all_begin(text[:200], text)
    assert folding.similar_forms(text[:300])
    assert transliteration.latin(text).isascii()
    key = record_keys.slug(text, "x")
    assert key.isascii()
    assert record_keys.slug(key, "x") == key


@text_target("drawing")
def drawing(text: str) -> None:
    """What is drawn holds no command of a terminal and no markup, and is as wide as before."""
    for content in (safe(text), safe_lines(text), safe(one_line(text))):
        assert not content.spans
        for line in content.plain.split("\n"):
            assert_plain(line)
    assert "\n" not in safe(text).plain
    (segment,) = SanitizingFilter().apply([Segment(text)], BLACK)
    assert_plain(segment.text)
    assert not set(segment.text) & set("\n\r\t\u2028\u2029")
    assert cell_len(segment.text) == cell_len(text)


@text_target("markup")
def markup(text: str) -> None:
    """A candidate of the palette is shown as it is, whatever is typed to find it."""
    shown = clean_line(text, 400).text
    for query, candidate in ((text[:8], shown), (text[-8:], shown), (text[:40], "Change severity")):
        matcher = FoldingMatcher(query)
        if matcher.match(candidate) > 0:
            assert matcher.highlight(candidate).plain == candidate


@text_target("printing")
def printing(text: str) -> None:
    """What is printed stays on its line, and a cell is no formula and stays one cell."""
    line = sanitize_line(text)
    assert_plain(line.encode("utf-8", "replace").decode())
    assert len(line.splitlines()) <= 1
    assert len(line) <= len(text)
    assert sanitize_line(line) == line
    assert all(len(each) <= LONGEST_LINE + 1 for each in shorten_message(text).split("\n"))
    cell = text_cell(text)
    assert not cell.startswith(FORMULA)
    written = io.StringIO()
    csv.writer(written).writerow([cell, "next"])
    csv.field_size_limit(1 << 30)
    assert next(csv.reader(io.StringIO(written.getvalue()))) == [cell, "next"]


def _check_decoding(sample: bytes) -> None:
    """Standard input is read as text that holds no NUL, or refused with what to do."""
    try:
        found = decode(sample)
    except ValueError as error:
        assert_helps(str(error), "convert it to UTF-8 first")
        return
    assert "\0" not in found.text
    assert found.encoding or found.text == as_text(sample).removeprefix("\ufeff")


decoding = Target("decoding", _check_decoding, text=False)
