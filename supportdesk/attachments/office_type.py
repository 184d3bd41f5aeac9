"""Tells an Office document from any other archive: by its name and by what is in it, which have to agree.

Only for files of our own staff: what strangers send is told from its first bytes, and its archive is never read.
"""

from __future__ import annotations

import io
import zipfile

from supportdesk.attachments.file_type import sniff_type

_XML = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_PARTS = {
    "docx": ("word/document.xml", f"{_XML}.wordprocessingml.document"),
    "dotx": ("word/document.xml", f"{_XML}.wordprocessingml.template"),
    "docm": ("word/document.xml", "application/vnd.ms-word.document.macroenabled.12"),
    "xlsx": ("xl/workbook.xml", f"{_XML}.spreadsheetml.sheet"),
    "xltx": ("xl/workbook.xml", f"{_XML}.spreadsheetml.template"),
    "xlsm": ("xl/workbook.xml", "application/vnd.ms-excel.sheet.macroenabled.12"),
    "pptx": ("ppt/presentation.xml", f"{_XML}.presentationml.presentation"),
    "ppsx": ("ppt/presentation.xml", f"{_XML}.presentationml.slideshow"),
    "potx": ("ppt/presentation.xml", f"{_XML}.presentationml.template"),
    "pptm": ("ppt/presentation.xml", "application/vnd.ms-powerpoint.presentation.macroenabled.12"),
    "vsdx": ("visio/document.xml", "application/vnd.ms-visio.drawing"),
}
"""The part that a document of a kind has, and its media type, by extension (ECMA-376)."""
_SAID = {
    "odt": f"{_OPEN}.text",
    "ods": f"{_OPEN}.spreadsheet",
    "odp": f"{_OPEN}.presentation",
    "odg": f"{_OPEN}.graphics",
    "epub": "application/epub+zip",
}
"""The media type that a document says itself, in its part `mimetype`, by extension (ODF 1.2, part 3)."""
_STREAMS = {
    "doc": ("WordDocument", "application/msword"),
    "xls": ("Workbook", "application/vnd.ms-excel"),
    "ppt": ("PowerPoint Document", "application/vnd.ms-powerpoint"),
}
"""The stream that an older document has, and its media type, by extension."""


def find_media_type(name: str, content: bytes) -> str:
    """Return the media type of a file: that of an Office document where name and content agree, or what is sniffed."""
    sniffed = sniff_type(content)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if sniffed == "application/zip":
        return _find_in_archive(extension, content) or sniffed
    if sniffed == "application/x-ole-storage" and extension in _STREAMS:
        stream, media_type = _STREAMS[extension]
        return media_type if stream.encode("utf-16-le") in content else sniffed
    return sniffed


def _find_in_archive(extension: str, content: bytes) -> str:
    """Return the media type of a document with an extension; empty where its archive is another one, or damaged."""
    if extension not in _PARTS and extension not in _SAID:
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if extension in _PARTS:
                part, media_type = _PARTS[extension]
                return media_type if part in archive.namelist() else ""
            said = archive.getinfo("mimetype")
            wanted = _SAID[extension]
            is_plain = said.compress_type == zipfile.ZIP_STORED and said.file_size <= len(wanted) + 2
            return wanted if is_plain and archive.read(said).strip() == wanted.encode() else ""
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, RuntimeError):
        # It says of itself that it is an archive, which is all that is known then.
        return ""
