"""A target of fuzzing: the properties of one reader of input, for any sample."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec

from supportdesk.tickets.plain_text import UNWANTED


class Target(msgspec.Struct, frozen=True):
    """`check` raises for a sample of which a property does not hold. The samples of a `text` target are UTF-8.

    A target that is not `quick` takes milliseconds a sample. `longest` are the bytes of the longest sample that it is
    given: more would only be refused by its length. Some need a `server`.
    """

    name: str
    check: Callable[[bytes], object]
    text: bool = True
    quick: bool = True
    longest: int = 1 << 24
    server: bool = False


def text_target(
    name: str, *, quick: bool = True, server: bool = False
) -> Callable[[Callable[[str], object]], Target]:
    """Make a target of a function that checks a text."""

    def make(check: Callable[[str], object]) -> Target:
        return Target(name, lambda sample: check(as_text(sample)), quick=quick, server=server)

    return make


def file_target(
    name: str, *, quick: bool = True, longest: int = 1 << 24
) -> Callable[[Callable[[Path], object]], Target]:
    """Make a target of a function that checks a file; it is called with the file, in a folder of its own."""

    def make(check: Callable[[Path], object]) -> Target:
        def check_content(sample: bytes) -> None:
            path = _folder() / name
            path.write_bytes(sample)
            check(path)

        return Target(name, check_content, text=False, quick=quick, longest=longest)

    return make


@cache
def _folder() -> Path:
    """Return a folder for the files of this process, which is removed at its end."""
    folder = Path(tempfile.mkdtemp(prefix="supportdesk-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def scratch_folder() -> Path:
    """Return an empty folder, the same each time."""
    folder = _folder() / "scratch"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def as_text(sample: bytes) -> str:
    """Return a sample as text. Surrogates may be encoded, and other bytes become surrogates as in an argument."""
    try:
        return sample.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return sample.decode("utf-8", "surrogateescape")


def as_sample(text: str) -> bytes:
    """Return the sample of a text; lone surrogates are encoded too."""
    return text.encode("utf-8", "surrogatepass")


def assert_plain(text: str) -> None:
    """Check that nothing in a text reaches a terminal as a command, and that it can be stored and sent."""
    assert not UNWANTED.search(text), ascii(text)
    text.encode()


def assert_helps(message: str, *remedies: str) -> None:
    """Check that an error says something, and one of the words that begin what to do next."""
    assert message.strip(), "an error without words"
    assert any(remedy in message for remedy in remedies), message
