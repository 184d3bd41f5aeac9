"""Reads files that somebody wants to attach to a reply."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

from supportdesk.attachments.file_name import choose_unused, clean_file_name
from supportdesk.attachments.office_type import find_media_type
from supportdesk.files import check_regular, expand, read_bytes
from supportdesk.tickets.attached_file import MOST_BYTES, MOST_FILES, TOO_LARGE, TOO_MANY, FileContent


def read_files(paths: Iterable[str | Path]) -> tuple[FileContent, ...]:
    """Return files with their cleaned names, each another one, and the types that name and content show. Blocks.

    Nothing is read of files that are too many or too large together. Raises OSError, with a reason in words and the
    name of the file, for these and for what cannot be read.
    """
    wanted = list(paths)
    _check_sizes(wanted)
    files: list[FileContent] = []
    left = MOST_BYTES
    for path in wanted:
        # A file may have grown since.
        content = _read(path, left)
        left -= len(content)
        name = clean_file_name(Path(path).name) or "attachment"
        name = choose_unused(name, {each.name.casefold() for each in files})
        files.append(FileContent(name, find_media_type(name, content), content))
    return tuple(files)


def _check_sizes(paths: list[str | Path]) -> None:
    if len(paths) > MOST_FILES:
        raise OSError(errno.E2BIG, TOO_MANY, str(paths[MOST_FILES]))
    left = MOST_BYTES
    for path in paths:
        try:
            found = expand(path).stat()
            check_regular(found.st_mode, Path(path))
        except OSError as error:
            raise OSError(error.errno, error.strerror or str(error), str(path)) from error
        left -= found.st_size
        if left < 0:
            raise _too_large(path, found.st_size)


def _too_large(path: str | Path, size: int) -> OSError:
    alone = f"it has more than {MOST_BYTES // 1_000_000} MB"
    return OSError(errno.EFBIG, alone if size > MOST_BYTES else TOO_LARGE, str(path))


def _read(path: str | Path, most: int) -> bytes:
    try:
        content = read_bytes(expand(path), most)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise _too_large(path, most) from error
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
    if not content:
        raise OSError(errno.EINVAL, "it is empty", str(path))
    return content
