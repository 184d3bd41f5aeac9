"""Reads a TOML file as a value of a type, whose faults are described with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from supportdesk.toml_file.document import (
    Fault,
    UnreadableError,
    describe_fault,
    fault_of_validation,
    read_toml,
)

Document = TypeVar("Document")


class UnusableFileError(ValueError):
    """A file cannot be read, or its document not be used; the message has file and line, and says what to do."""


def read_document(
    path: Path, kind: type[Document], what: str, find_fault: Callable[[Document], Fault | None]
) -> Document:
    """Return the document of a file. Raises UnusableFileError, also for what `find_fault` finds.

    `what` names such files in the plural.
    """
    text = ""
    try:
        text, table = read_toml(path)
        document = msgspec.convert(table, kind)
        fault = find_fault(document)
    except UnreadableError as error:
        raise UnusableFileError(describe_fault(path, error.fault, text)) from error
    except msgspec.ValidationError as error:
        raise UnusableFileError(describe_fault(path, fault_of_validation(error, what), text)) from error
    if fault is not None:
        raise UnusableFileError(describe_fault(path, fault, text))
    return document
