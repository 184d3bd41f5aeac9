"""Lists the files of a message: what each is called, said to be and seen to be, and its content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from supportdesk.attachments.attachment import Attachment
from supportdesk.attachments.file_name import choose_unused, clean_file_name, make_file_name
from supportdesk.attachments.file_type import sniff_type
from supportdesk.intake.mail.parsing.charsets import decode
from supportdesk.intake.mail.parsing.headers import split_head
from supportdesk.intake.mail.parsing.part import Part
from supportdesk.intake.mail.parsing.tnef import PackedFile, read_tnef
from supportdesk.intake.mail.parsing.transfer_encoding import decode_content

TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


def read_attachments(files: Iterable[Part]) -> tuple[Attachment, ...]:
    """Return the files in some parts, in order, each with another name. What Outlook packed is unpacked."""
    found: list[Attachment] = []
    names: set[str] = set()

    def add(name: str, declared_type: str, data: bytes, part: Part, fault: str = "") -> None:
        name = choose_unused(clean_file_name(name) or make_file_name(declared_type, len(found) + 1), names)
        names.add(name.casefold())
        content_id = part.headers.text("content-id", 250).strip("<>")
        found.append(
            Attachment(
                name=name,
                declared_type=declared_type,
                sniffed_type=sniff_type(data),
                size=len(data),
                digest=hashlib.sha256(data).hexdigest(),
                content=data,
                content_id=content_id,
                is_inline=declared_type.startswith("image/")
                and (
                    part.disposition.value == "inline"
                    or (bool(content_id) and part.disposition.value != "attachment")
                ),
                fault=fault,
            )
        )

    for part in files:
        content = decode_content(part)
        packed = read_tnef(content.data) if _may_be_tnef(part) else None
        if packed is None or not packed.files:
            add(part.file_name or _subject_name(part), part.media_type, content.data, part, content.fault)
            continue
        fault = "" if packed.is_whole else "the winmail.dat that it was packed in ends early"
        for each in packed.files:
            add(_packed_name(each), sniff_type(each.data), each.data, part, fault)
    return tuple(found)


def _may_be_tnef(part: Part) -> bool:
    return part.media_type in TNEF_TYPES or part.file_name.lower() == "winmail.dat"


def _packed_name(packed: PackedFile) -> str:
    return decode(packed.name).text


def _subject_name(part: Part) -> str:
    """Return a name for an attached message, from its subject."""
    if part.media_type != "message/rfc822":
        return ""
    raw = bytes(part.content[:100_000])
    subject = split_head(raw, 0, len(raw)).headers.text("subject", 80)
    return f"{subject.replace('/', '-')}.eml" if subject else ""
