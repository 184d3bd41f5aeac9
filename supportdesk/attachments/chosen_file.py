"""Reads files that somebody wants to attach to a reply."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

from supportdesk.attachments.file_name import clean_file_name, number_file_name
from supportdesk.attachments.file_type import sniff_type
from supportdesk.files import expand, read_bytes
from supportdesk.tickets.attached_file import MOST_BYTES, FileContent


def read_files(paths: Iterable[str | Path]) -> tuple[FileContent, ...]:
    """Return files with their cleaned names, each another one, and the types that their contents show. Blocks.

    Raises OSError, with a reason in words and the name of the file, for what cannot be read or is too large.
    """
    files: list[FileContent] = []
    for path in paths:
        content = _read(path)
        name = clean_file_name(Path(path).name) or "attachment"
        taken = {each.name.casefold() for each in files}
        number, unused = 1, name
        while unused.casefold() in taken:
            number += 1
            unused = number_file_name(name, number)
        files.append(FileContent(unused, sniff_type(content), content))
    return tuple(files)


def _read(path: str | Path) -> bytes:
    try:
        content = read_bytes(expand(path), MOST_BYTES)
    except OSError as error:
        if error.errno == errno.EFBIG:
            reason = f"it has more than {MOST_BYTES // 1_000_000} MB"
        else:
            reason = error.strerror or str(error)
        raise OSError(error.errno, reason, str(path)) from error
    if not content:
        raise OSError(errno.EINVAL, "it is empty", str(path))
    return content
