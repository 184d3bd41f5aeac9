"""Says what kind of file a content is, whether its name says the same, and by which extension a program gets it."""

from __future__ import annotations

from msgspec import Struct

from supportdesk.attachments.file_type import UNKNOWN


class FileKind(Struct, frozen=True):
    """A kind of file in words, with the extensions that its files have.

    `opened_as` are those under which a program gets one, the first where its own is none of them. Others fit its
    content as well, and may make a program run it.
    """

    words: str
    opened_as: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


_PROGRAM = FileKind(
    "a program", others=("exe", "dll", "com", "scr", "sys", "elf", "so", "run", "sh", "py", "pl", "class")
)
_XML = "application/vnd.openxmlformats-officedocument"
_WORD = FileKind("a text document", ("docx", "docm", "dotx", "odt", "doc"))
_SHEET = FileKind("a spreadsheet", ("xlsx", "xlsm", "xltx", "ods", "xls"))
_SLIDES = FileKind("a presentation", ("pptx", "ppsx", "pptm", "potx", "odp", "ppt"))
_DRAWING = FileKind("a drawing", ("odg", "vsdx"))
_SHORTCUT = FileKind("a shortcut", others=("lnk",))
_TEXT = FileKind(
    "a plain text",
    (
        "txt",
        "csv",
        "tsv",
        "log",
        "md",
        "json",
        "ini",
        "cfg",
        "conf",
        "yaml",
        "yml",
        "toml",
        "sql",
        "diff",
        "eml",
    ),
    (
        *(
            "patch",
            "asc",
            "css",
            "rst",
            "tex",
            "srt",
            "bat",
            "cmd",
            "ps1",
            "vbs",
            "js",
            "reg",
            "desktop",
            "url",
        ),
        *("sh", "py", "pl"),
    ),
)
_NOT_KNOWN = FileKind(
    "of an unknown kind",
    others=("bmp", "heic", "ico", "mkv", "webm", "psd", "dwg", "dmp", "dat", "db", "pcap", "wmv"),
)
_KINDS = {
    "text/plain": _TEXT,
    "application/x-executable": _PROGRAM,
    "application/x-ms-shortcut": _SHORTCUT,
    "application/pdf": FileKind("a PDF document", ("pdf",)),
    "application/zip": FileKind(
        "an archive or an Office document",
        (
            *("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "odg", "epub"),
            *("docm", "xlsm", "pptm", "dotx", "xltx", "potx", "vsdx", "xps", "kmz"),
        ),
        ("jar", "apk", "whl", "xpi"),
    ),
    f"{_XML}.wordprocessingml.document": _WORD,
    f"{_XML}.wordprocessingml.template": _WORD,
    "application/vnd.ms-word.document.macroenabled.12": _WORD,
    "application/vnd.oasis.opendocument.text": _WORD,
    "application/msword": _WORD,
    f"{_XML}.spreadsheetml.sheet": _SHEET,
    f"{_XML}.spreadsheetml.template": _SHEET,
    "application/vnd.ms-excel.sheet.macroenabled.12": _SHEET,
    "application/vnd.oasis.opendocument.spreadsheet": _SHEET,
    "application/vnd.ms-excel": _SHEET,
    f"{_XML}.presentationml.presentation": _SLIDES,
    f"{_XML}.presentationml.slideshow": _SLIDES,
    f"{_XML}.presentationml.template": _SLIDES,
    "application/vnd.ms-powerpoint.presentation.macroenabled.12": _SLIDES,
    "application/vnd.oasis.opendocument.presentation": _SLIDES,
    "application/vnd.ms-powerpoint": _SLIDES,
    "application/vnd.oasis.opendocument.graphics": _DRAWING,
    "application/vnd.ms-visio.drawing": _DRAWING,
    "application/epub+zip": FileKind("a book", ("epub",)),
    "application/x-ole-storage": FileKind(
        "an older Office document", ("doc", "xls", "ppt", "msg", "vsd", "pub", "dot", "xlt"), ("msi", "db")
    ),
    "application/gzip": FileKind("an archive", ("gz", "tgz")),
    "application/x-7z-compressed": FileKind("an archive", ("7z",)),
    "application/vnd.rar": FileKind("an archive", ("rar",)),
    "image/png": FileKind("a PNG picture", ("png",)),
    "image/jpeg": FileKind("a JPEG picture", ("jpg", "jpeg", "jpe", "jfif")),
    "image/gif": FileKind("a GIF picture", ("gif",)),
    "image/tiff": FileKind("a TIFF picture", ("tif", "tiff", "dng", "nef", "cr2")),
    "image/webp": FileKind("a WebP picture", ("webp",)),
    "image/svg+xml": FileKind("an SVG picture", ("svg",), ("xml",)),
    "audio/mpeg": FileKind("a sound", ("mp3",)),
    "audio/ogg": FileKind("a sound or film", ("ogg", "oga", "opus", "ogv")),
    "audio/flac": FileKind("a sound", ("flac",)),
    "audio/wav": FileKind("a sound", ("wav",)),
    "video/x-msvideo": FileKind("a film", ("avi",)),
    "video/mp4": FileKind(
        "a film, sound or picture", ("mp4", "m4v", "m4a", "mov", "3gp", "heic", "heif", "avif")
    ),
    "application/rtf": FileKind("a formatted text", ("rtf", "doc")),
    "text/calendar": FileKind("a calendar entry", ("ics", "ical", "ifb")),
    "text/vcard": FileKind("a contact's card", ("vcf", "vcard")),
    "text/html": FileKind("a web page", ("html", "htm", "xhtml", "txt", "eml"), ("mht", "mhtml", "php")),
    "application/xml": FileKind(
        "an XML document",
        ("xml", "xsd", "xsl", "gpx", "kml", "plist", "txt"),
        ("svg", "xhtml", "html", "config"),
    ),
    UNKNOWN: _NOT_KNOWN,
}
"""The kind of each media type that `sniff_type` or `find_media_type` returns."""

_NOT_TOLD = (FileKind("a picture", ("bmp", "ico")), FileKind("a film", ("mkv", "webm", "wmv")))
"""Kinds that `sniff_type` does not tell."""


def _read_names() -> dict[str, FileKind]:
    """Return the kind that a name with an extension says: the first one whose files mostly have it."""
    kinds = [*(each for each in _KINDS.values() if each is not _NOT_KNOWN), *_NOT_TOLD]
    named = {extension: kind for kind in reversed(kinds) for extension in kind.others}
    return named | {extension: kind for kind in reversed(kinds) for extension in kind.opened_as}


_NAMED = _read_names()

_FEW_MARKS = (
    "text/calendar",
    "text/vcard",
    "text/html",
    "application/xml",
    "image/svg+xml",
    "application/rtf",
)
"""Types of text whose mark may be further down than `sniff_type` looks: what they are called may be a plain text."""


def describe_type(media_type: str) -> str:
    """Return what a sniffed type is, in words: `a PDF document`."""
    return _KINDS.get(media_type, _NOT_KNOWN).words


def is_program(media_type: str) -> bool:
    """Return whether the content of a file is a program, or starts one, whatever it is called."""
    return _KINDS.get(media_type) in (_PROGRAM, _SHORTCUT)


def find_mismatch(name: str, media_type: str) -> str:
    """Return in a sentence that a file's name says another kind than its content shows; empty where it does not."""
    extension, kind = _extension(name), _KINDS.get(media_type, _NOT_KNOWN)
    named = _NAMED.get(extension)
    if named is None or extension in (*kind.opened_as, *kind.others):
        return ""
    if kind is _TEXT and any(extension in _KINDS[each].opened_as for each in _FEW_MARKS):
        return ""
    return f"Its name says that it is {named.words}, but its content is {kind.words}."


def choose_extension(name: str, media_type: str) -> str:
    """Return the extension under which a program may get a file, without a dot: its own only if that fits its content.

    It is empty for a program, and for what is of an unknown kind: then a program has nothing but the content to go by.
    """
    kind, extension = _KINDS.get(media_type, _NOT_KNOWN), _extension(name)
    return extension if extension in kind.opened_as else next(iter(kind.opened_as), "")


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
