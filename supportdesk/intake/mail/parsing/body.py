"""Finds what a message says among its parts, and which parts are files.

A plain text is preferred to HTML, unless it says much less. What is signed is read without its signature, which nobody
checks here; what is encrypted is only said to be.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from supportdesk.intake.mail.parsing.attachments import TNEF_TYPES
from supportdesk.intake.mail.parsing.charsets import decode
from supportdesk.intake.mail.parsing.flowed_text import join_flowed
from supportdesk.intake.mail.parsing.form_difference import ComparisonBudget, Difference, FormComparison
from supportdesk.intake.mail.parsing.html_limit import HtmlBudget
from supportdesk.intake.mail.parsing.html_text import html_to_text
from supportdesk.intake.mail.parsing.part import Part
from supportdesk.intake.mail.parsing.tnef import read_tnef
from supportdesk.intake.mail.parsing.transfer_encoding import decode_content
from supportdesk.tickets.plain_text import clean_line, clean_text

MOST_TEXT = 1_000_000
"""The most characters of a text; the rest is in the original only."""

MOST_CALENDARS = 5
"""The most invitations of a message that are put into words."""

_TEXT_TYPES = frozenset({"text/plain", "text/html", "text/enriched", "text/markdown", "text/x-markdown"})
_CALENDARS = frozenset({"text/calendar", "application/ics"})
_ENCRYPTED = frozenset({"application/pgp-encrypted"})
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_PGP_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNED = "The message is signed; nobody checked the signature."
_PGP_MESSAGE = "-----BEGIN PGP MESSAGE-----"
_MUCH_LESS = 4
"""A plain text that has so many times fewer characters than the HTML beside it only says that there is HTML."""

_SHORT = 40
_BULK = ("list-unsubscribe", "list-id")
"""The fields of mail that goes to many, such as a newsletter."""


class BodyForm(StrEnum):
    """What the text of a message was made from."""

    PLAIN = "plain text"
    HTML = "HTML"
    CALENDAR = "an invitation"
    ENCRYPTED = "encrypted"
    NONE = "nothing"


class MailBody(msgspec.Struct, frozen=True):
    """The whole text of a message, with what it quotes, and the parts that are files.

    `remarks` say, in sentences, what a reader of the text should know of it.
    """

    text: str
    form: BodyForm
    files: tuple[Part, ...] = ()
    remarks: tuple[str, ...] = ()


class _Piece(msgspec.Struct, frozen=True):
    """A text; `html` is what it was made from, empty where that was none."""

    text: str
    form: BodyForm
    html: str = ""


class _Found(msgspec.Struct):
    """What was found so far. The budgets are those of the whole message."""

    is_newsletter: bool = False
    comparison: ComparisonBudget = msgspec.field(default_factory=ComparisonBudget)
    html: HtmlBudget = msgspec.field(default_factory=HtmlBudget)
    pieces: list[_Piece] = msgspec.field(default_factory=list)
    files: list[Part] = msgspec.field(default_factory=list)
    remarks: list[str] = msgspec.field(default_factory=list)

    @property
    def form(self) -> BodyForm:
        """The form of most weight among the pieces with text."""
        forms = {piece.form for piece in self.pieces if piece.text or piece.form is BodyForm.ENCRYPTED}
        order = (BodyForm.ENCRYPTED, BodyForm.HTML, BodyForm.PLAIN, BodyForm.CALENDAR)
        return next((form for form in order if form in forms), BodyForm.NONE)

    @property
    def text(self) -> str:
        """The texts of the pieces, with an empty line between them."""
        return "\n\n".join(piece.text for piece in self.pieces if piece.text)

    def add(self, other: _Found) -> None:
        """Add all that was found elsewhere."""
        self.pieces += other.pieces
        self.files += other.files
        self.remarks += other.remarks


def read_body(message: Part) -> MailBody:
    """Return the text of a message and its files."""
    found = _Found(is_newsletter=any(message.headers.text(name) for name in _BULK))
    _read(message, found)
    if not found.text:
        # A text that has a file's name is shown, where nothing else is.
        named = next((part for part in found.files if part.media_type in _TEXT_TYPES), None)
        if named is not None:
            found.pieces.append(_read_text(named, found))
    cleaned = clean_text(found.text[:MOST_TEXT], MOST_TEXT)
    if len(found.text) > MOST_TEXT:
        found.remarks.append(
            f"The text has more than {MOST_TEXT:,} characters; the rest is in the original only."
        )
    return MailBody(cleaned.text, found.form, tuple(found.files), tuple(dict.fromkeys(found.remarks)))


def _read(part: Part, found: _Found) -> None:
    if part.parts:
        _read_multipart(part, found)
    elif part.media_type in _TEXT_TYPES and not _is_file(part):
        found.pieces.append(_read_text(part, found))
    elif part.media_type in _CALENDARS:
        _read_calendar(part, found)
    else:
        found.files.append(part)
        _read_special(part, found)


def _read_multipart(part: Part, found: _Found) -> None:
    first, *others = part.parts
    if part.subtype == "alternative":
        _read_alternative(part, found)
    elif part.subtype == "related":
        root = _find_root(part)
        _read(root, found)
        for each in part.parts:
            if each is not root:
                found.files += _leaves(each)
    elif part.subtype == "signed":
        _read(first, found)
        for each in others:
            found.files += _leaves(each)
        found.remarks.append(_SIGNED)
    else:
        for each in part.parts:
            _read(each, found)


def _read_alternative(part: Part, found: _Found) -> None:
    """Choose one of several forms of the same text; the files of all are kept."""
    choices = [_Found(found.is_newsletter, found.comparison, found.html) for _ in part.parts]
    for each, choice in zip(part.parts, choices, strict=True):
        _read(each, choice)
    plain = next((choice for choice in choices if choice.form is BodyForm.PLAIN), None)
    rich = next((choice for choice in reversed(choices) if choice.form is BodyForm.HTML), None)
    chosen = _choose(plain, rich) or next((choice for choice in choices if choice.text), choices[0])
    if remark := _remark_difference(choices, chosen):
        chosen.remarks.append(remark)
    for choice in choices:
        if choice is not chosen and choice.form is not BodyForm.CALENDAR:
            choice.pieces, choice.remarks = [], []
    for choice in sorted(choices, key=lambda each: each is not chosen):
        found.add(choice)


def _remark_difference(choices: list[_Found], chosen: _Found) -> str:
    """Return what is remarked of forms that are not shown; empty where none of them says more.

    One remark says it for all, as the reader has to look at the original anyway.
    """
    shown = FormComparison(chosen.text, chosen.comparison, is_newsletter=chosen.is_newsletter)
    for choice in choices:
        if choice is chosen or choice.form is BodyForm.CALENDAR:
            continue
        match _find_difference(choice, shown):
            case Difference.MORE:
                return f"It also came as {choice.form}, with words that are not here; they are in the original only."
            case Difference.UNKNOWN:
                return (
                    f"It also came as {choice.form}, and both are too long to compare; words that are not here are in"
                    " the original only."
                )
    return ""


def _find_difference(choice: _Found, shown: FormComparison) -> Difference:
    """Return whether a form that is not shown says more; what its HTML hides from everybody does not count."""
    difference = shown.find_difference(choice.text)
    if difference is not Difference.MORE or not any(piece.html for piece in choice.pieces):
        return difference
    seen = "\n\n".join(
        _plain(html_to_text(piece.html, seen_only=True)) if piece.html else piece.text
        for piece in choice.pieces
    )
    return shown.find_difference(seen)


def _choose(plain: _Found | None, rich: _Found | None) -> _Found | None:
    if plain is None or rich is None:
        return plain or rich
    short, long = len(plain.text), len(rich.text)
    return rich if long > _SHORT and short * _MUCH_LESS < long else plain


def _read_text(part: Part, found: _Found) -> _Piece:
    content, remarks = decode_content(part), found.remarks
    charset = part.content_type.get("charset")
    decoded = decode(content.data[: 4 * MOST_TEXT], charset)
    if decoded.is_guessed:
        shown = clean_line(charset, 40).text
        named = f"is not in {shown}" if shown else "does not say in which encoding it is"
        remarks.append(f"The text {named}; some letters may be wrong.")
    if content.fault:
        remarks.append(f"The text may be damaged: {content.fault}.")
    if part.media_type == "text/html":
        cut = found.html.cut(decoded.text)
        if cut.is_cut:
            remarks.append("The HTML is too long or too deep; the rest is in the original only.")
        return _Piece(_plain(html_to_text(cut.html)), BodyForm.HTML, cut.html)
    text = decoded.text[: 2 * MOST_TEXT]
    if part.content_type.get("format").lower() == "flowed":
        text = join_flowed(text, delete_space=part.content_type.get("delsp").lower() == "yes")
    if _PGP_SIGNED in text:
        remarks.append(_SIGNED)
    if _PGP_MESSAGE in text:
        remarks.append("A part of the text is encrypted (PGP) and cannot be read here.")
    return _Piece(_plain(text), BodyForm.PLAIN)


def _read_calendar(part: Part, found: _Found) -> None:
    from supportdesk.intake.mail.parsing.calendar_text import describe_calendar

    if sum(piece.form is BodyForm.CALENDAR for piece in found.pieces) == MOST_CALENDARS:
        found.remarks.append(
            f"Only {MOST_CALENDARS} invitations were read; the others are among the attachments."
        )
        found.files.append(part)
        return
    text = decode(decode_content(part).data, part.content_type.get("charset")).text
    described = describe_calendar(text)
    if described:
        found.pieces.append(_Piece(_plain(described), BodyForm.CALENDAR))
    found.files.append(part)


def _read_special(part: Part, found: _Found) -> None:
    """Say what cannot be read, and read the text that Outlook packed, where there is no other."""
    if part.media_type in TNEF_TYPES:
        packed = read_tnef(decode_content(part).data)
        if packed is None:
            found.remarks.append("The winmail.dat of Outlook cannot be read; it is kept as a file.")
        elif packed.text and not found.text:
            found.pieces.append(_Piece(_plain(decode(packed.text, "cp1252").text), BodyForm.PLAIN))
    elif part.media_type in _ENCRYPTED or (part.media_type in _SMIME and not _is_signed_data(part)):
        found.pieces.append(_Piece("", BodyForm.ENCRYPTED))
        found.remarks.append("The message is encrypted and cannot be read here.")
    elif part.media_type in _SMIME:
        found.remarks.append("The message is packed in its signature (S/MIME) and cannot be read here.")


def _is_signed_data(part: Part) -> bool:
    return part.content_type.get("smime-type").lower() in {"signed-data", "certs-only"}


def _is_file(part: Part) -> bool:
    return part.disposition.value == "attachment" or bool(part.file_name)


def _find_root(part: Part) -> Part:
    """Return the part of a multipart/related that refers to the others."""
    start = part.content_type.get("start").strip("<>")
    named = (each for each in part.parts if start and each.headers.text("content-id").strip("<>") == start)
    return next(named, part.parts[0])


def _leaves(part: Part) -> Iterable[Part]:
    return [each for each in part.walk() if not each.parts]


def _plain(text: str) -> str:
    return clean_text(text, 2 * MOST_TEXT).text
