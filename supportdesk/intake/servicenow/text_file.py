"""Opens an exported file as text: unpacked up to a limit, in the encoding that its bytes show.

The unpacked bytes are in a temporary file, never in memory, so that a small archive cannot fill the machine's memory.
"""

from __future__ import annotations

import codecs
import gzip
import io
import stat
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

LIMIT = 1 << 30
"""The largest unpacked size in bytes; a ServiceNow export of a million incidents has about half of it."""
LONGEST_LINE = 4_000_000
"""The most characters of a line."""

_CHUNK = 1 << 20
_HEAD = 4_096
_GZIP = b"\x1f\x8b"
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"<", "an XML or HTML file"),
    (b"{", "a JSON file"),
    (b"[", "a JSON file"),
)
_UNUSED_IN_CP1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))


class UnreadableExportError(Exception):
    """The file is not an export of incidents; the message says what is wrong with it."""


class TextFile(msgspec.Struct, frozen=True):
    """An exported file, open at its beginning. `encoding` is the display name."""

    stream: IO[str]
    encoding: str

    def lines(self) -> Iterator[str]:
        """Yield the lines with their ends. Raises UnreadableExportError for one that is too long."""
        while line := self.stream.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise UnreadableExportError(f"a line has more than {LONGEST_LINE:,} characters")
            yield line


@contextmanager
def open_text(path: Path, limit: int = LIMIT) -> Iterator[TextFile]:
    """Open a text file, plain or gzipped, of at most `limit` bytes once unpacked.

    Raises UnreadableExportError for any other file, OSError for one that cannot be read.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise UnreadableExportError("it is not a file; save the export to a file first")
    with tempfile.TemporaryFile(prefix="supportdesk-import-") as unpacked:
        encoding = _unpack(path, unpacked, limit)
        unpacked.seek(0)
        with io.TextIOWrapper(unpacked, encoding=encoding, newline="") as stream:
            yield TextFile(stream, _SPOKEN.get(encoding, encoding.upper()))


_SPOKEN = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}


def _unpack(path: Path, into: IO[bytes], limit: int) -> str:
    """Copy the file's content and return the encoding that fits all of it."""
    unicode, is_cp1252, encoding, size = _Utf8(), True, "", 0
    with path.open("rb") as packed:
        zipped = packed.read(len(_GZIP)) == _GZIP
        packed.seek(0)
        source: IO[bytes] = gzip.GzipFile(fileobj=packed) if zipped else packed  # type: ignore[assignment]
        try:
            while chunk := source.read(_CHUNK):
                if not size:
                    encoding = _encoding_of_head(chunk[:_HEAD])
                size += len(chunk)
                if size > limit:
                    raise UnreadableExportError(
                        f"it contains more than {limit >> 20:,} MiB of text; export it in several parts"
                    )
                unicode.feed(chunk)
                is_cp1252 = is_cp1252 and not set(_UNUSED_IN_CP1252) & set(chunk)
                into.write(chunk)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableExportError(f"its compression is damaged: {error}") from error
    if not size:
        raise UnreadableExportError("it is empty")
    return encoding or _encoding_of_bytes(unicode, is_cp1252)


def _encoding_of_head(head: bytes) -> str:
    """Return the encoding that the first bytes show; an empty text where they do not."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            if not encoding:
                raise UnreadableExportError("it is in UTF-32; save it in UTF-8")
            return encoding
    for start, name in _OTHER_FILES:
        if head.lstrip().startswith(start):
            raise UnreadableExportError(f"it is {name}; export the incidents as CSV")
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if not even and not odd:
        return ""
    pairs = len(head) // 2
    if odd > pairs * 0.4 and not even:
        return "utf-16-le"
    if even > pairs * 0.4 and not odd:
        return "utf-16-be"
    raise UnreadableExportError("it is not text: it contains null bytes; export the incidents as CSV")


class _Utf8:
    """Determines whether bytes are UTF-8, chunk by chunk."""

    def __init__(self) -> None:
        make = codecs.getincrementaldecoder("utf-8")
        self._strict, self._lenient = make(), make("ignore")
        self._size = 0
        self.damaged_at: int | None = None
        """The position of the first byte that is not UTF-8, counted from 1."""
        self.has_letters = False
        """Whether some of the bytes are certainly letters in UTF-8."""

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        """Process the next bytes."""
        pending = len(self._strict.getstate()[0])
        if self.damaged_at is None:
            try:
                self._strict.decode(chunk, final)
            except UnicodeDecodeError as error:
                self.damaged_at = self._size - pending + error.start + 1
        self.has_letters = not self._lenient.decode(chunk, final).isascii() or self.has_letters
        self._size += len(chunk)


def _encoding_of_bytes(unicode: _Utf8, is_cp1252: bool) -> str:
    unicode.feed(b"", final=True)
    if unicode.damaged_at is None:
        return "utf-8"
    if unicode.has_letters:
        # Another encoding would change the letters that are right.
        raise UnreadableExportError(
            f"it is in UTF-8 and damaged at byte {unicode.damaged_at:,}; export it again"
        )
    if is_cp1252:
        return "cp1252"
    raise UnreadableExportError("it is neither in UTF-8 nor in UTF-16 or Windows-1252; save it in UTF-8")
