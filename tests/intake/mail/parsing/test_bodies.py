"""What comes of the parts of a message that are its text."""

from __future__ import annotations

import pytest

from supportdesk.intake.mail.parsing.body import BodyForm
from supportdesk.tickets.plain_text import UNWANTED
from tests.intake.mail.parsing.samples import HEAD, parsed, sample

PLAIN, HTML, NONE = BodyForm.PLAIN, BodyForm.HTML, BodyForm.NONE
STUB = "The invoice of October is wrong: it has two lines for one order."


@pytest.mark.parametrize(
    ("name", "form", "text"),
    [
        # The lines of a plain text stay as they are, with their indents.
        ("plain", PLAIN, "Good morning,\n\nThe printer on floor 2 does not print.\n  Tray 1 is full.\n\nJo"),
        # Paragraphs, a link, a list, a table, quotes, code, a script and a picture that tracks.
        (
            "html-only",
            HTML,
            (
                "Dear support,\n\nthe order <https://shop.acme.example/order?id=7> is\nlate & wrong.\n\n- one\n- two\n"
                "\nTray  A4\nTray 2  A3\n\n> You wrote this.\n>\n> > And I wrote that.\n\n"
                "line 1\n   line 2\n\n[Logo]click"
            ),
        ),
        # Tags that are never closed, a script in a picture, a link to data, escapes and an override of the direction.
        ("html-hostile", HTML, "Open and never closed\n\nSecondshapedata [31m abc"),
        # Lines that a mail program broke, quoted ones, a stuffed one, and a signature.
        (
            "flowed",
            PLAIN,
            (
                "This is a long paragraph that was broken by the program.\n> And this is quoted.\n"
                "From here, stuffed.\n--\nJo"
            ),
        ),
        # The same for languages without spaces.
        ("flowed-delsp", PLAIN, "No space and aword."),
        # Boundaries that begin alike, a picture in the text, a file, and a list's footer.
        ("nested", PLAIN, "Picture below.\n\nA footer of the list."),
        # A text before and after a picture.
        ("text-in-pieces", HTML, "Before the picture.\n\nAfter the picture."),
        # The invitation beside its text.
        (
            "invitation",
            PLAIN,
            (
                "Please join.\n\nInvitation to a meeting: Review of the outage\nBegins: 2026-12-01 10:00 UTC\n"
                "Ends: 2026-12-01 11:00 UTC\nWhere: Room 4\nOrganiser: jo.park@acme.example\nsam@acme.example: accepted"
            ),
        ),
        # An invitation that is none is a file only.
        ("broken-invitation", NONE, ""),
        # A text that Outlook packed.
        ("winmail", PLAIN, "The text that Outlook packed."),
        # Base64 of UTF-16.
        ("utf-16", PLAIN, "Smörgås ☃"),
        # Base64 in two pieces that each end, with a letter that is none.
        ("damaged-base64", PLAIN, "The first line.\nThe second line."),
        # Quoted-printable with a soft line end and a sign that is none.
        ("quoted-printable", PLAIN, "Café is closed =ZZ and 1=1"),
        # A text with a file's name, and nothing else.
        ("text-with-a-name", PLAIN, "The text has a file's name."),
    ],
)
def test_the_text_reads_as_it_was_meant(name: str, form: BodyForm, text: str) -> None:
    message = sample(name)
    assert (message.form, message.text, message.remarks) == (form, text, ())


@pytest.mark.parametrize(
    ("name", "form", "text", "remark"),
    [
        # The text without its signature, which is a file.
        ("signed", PLAIN, "Please pay invoice 7.", "The message is signed; nobody checked the signature."),
        # The same within the text, which keeps it.
        (
            "signed-within",
            PLAIN,
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nPay it.\n-----BEGIN PGP SIGNATURE-----",
            "The message is signed; nobody checked the signature.",
        ),
        # The plain text is preferred to the HTML beside it.
        (
            "alternative",
            PLAIN,
            "The plain text.",
            "It also came as HTML, with words that are not here; they are in the original only.",
        ),
        # The plain text only says that there is HTML.
        (
            "alternative-with-stub",
            HTML,
            f"{STUB} {STUB} {STUB}",
            "It also came as plain text, with words that are not here; they are in the original only.",
        ),
        # PGP.
        ("encrypted", BodyForm.ENCRYPTED, "", "The message is encrypted and cannot be read here."),
        # S/MIME.
        ("encrypted-smime", BodyForm.ENCRYPTED, "", "The message is encrypted and cannot be read here."),
        # An encoding that nobody has.
        ("unknown-charset", PLAIN, "Café", "The text is not in x-klingon; some letters may be wrong."),
        # One byte of Latin-1 in UTF-8.
        ("wrong-charset", PLAIN, "Caf� and é", "The text is not in utf-8; some letters may be wrong."),
        # Windows-1252 without its name.
        (
            "undeclared-charset",
            PLAIN,
            "Café € 5",
            "The text does not say in which encoding it is; some letters may be wrong.",
        ),
        # A transfer encoding that nobody has.
        (
            "unknown-transfer-encoding",
            PLAIN,
            "The text as it came.",
            "The text may be damaged: its encoding 'x-secret' is unknown.",
        ),
        # The message was cut off in a file.
        (
            "missing-end",
            PLAIN,
            "The text is there.",
            "The structure of the message is damaged: its end is missing.",
        ),
        # Parts without the boundary between them.
        (
            "no-boundary",
            PLAIN,
            "--who-knows\nContent-Type: text/plain\n\nThe text is there.",
            "The structure of the message is damaged: its parts could not be told apart, and are shown as text.",
        ),
    ],
)
def test_what_a_reader_should_know_of_the_text_is_remarked(
    name: str, form: BodyForm, text: str, remark: str
) -> None:
    message = sample(name)
    assert (message.form, message.text, message.remarks) == (form, text, (remark,))


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("iso-8859-1", b"\x93so\x94 \x80", "“so” €"),
        ("us-ascii", b"caf\xc3\xa9", "café"),
        ("windows-1251", b"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"),
        ("gb2312", b"\xc4\xe3\xba\xc3", "你好"),
        ("iso-2022-jp", b"\x1b$B$3$s$K$A$O\x1b(B", "こんにちは"),
        ("ks_c_5601-1987", b"\xbe\xc8\xb3\xe7", "안녕"),
        ("utf-7", b"half +2AA- whole", "half � whole"),
        ("punycode", b"caf-dma", "caf-dma"),
        ("rot13", b"text", "text"),
        ("'utf-8'", b"caf\xc3\xa9", "café"),
    ],
)
@pytest.mark.parametrize("media_type", ["text/plain", "text/html"])
def test_a_text_is_decoded_from_its_charset(charset: str, content: bytes, text: str, media_type: str) -> None:
    fields = f'Content-Type: {media_type}; charset="{charset}"\n\n'.encode()
    message = parsed(HEAD + fields + content)
    assert message.text == text
    assert not UNWANTED.search(message.text)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a &lt;b&gt; &amp;amp; &nbsp;c&copy;", "a <b> &amp; \xa0c©"),
        ('<a href="https://acme.example/?a=1&amp;b=2">order</a>', "order <https://acme.example/?a=1&b=2>"),
        ('<a href="https://www.acme.example/">acme.example</a>', "acme.example"),
        ('<a href="mailto:jo@acme.example">jo@acme.example</a>', "jo@acme.example"),
        ('<a href="https://evil.test">https://acme.example</a>', "https://acme.example <https://evil.test>"),
        ('<a href="java&#115;cript:alert(1)">click</a>', "click"),
        ("<p>a</p><p></p><p>b</p>", "a\n\nb"),
        ("a<br><br>b", "a\n\nb"),
        ("<ol><li>a<ul><li>b</ul></ol>", "- a\n\n- b"),
        ("<!--[if mso]>x<![endif]-->text<o:p>&nbsp;</o:p>", "text"),
    ],
)
def test_html_reads_as_it_looks(html: str, text: str) -> None:
    assert parsed(HEAD + b"Content-Type: text/html\n\n" + html.encode()).text == text


def test_an_invitation_without_a_text_says_all_that_it_describes() -> None:
    event = b"BEGIN:VEVENT\nUID:1\nSUMMARY:Outage\nLOCATION:Room 4\nORGANIZER:mailto:jo@acme.example\n"
    event += b"DESCRIPTION:Nothing prints.\\nBring \x1b[31mthe log.\nEND:VEVENT\n"
    calendar = b"BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\n" + event * 7 + b"END:VCALENDAR\n"
    message = parsed(HEAD + b"Content-Type: text/calendar; method=REQUEST\n\n" + calendar)
    first, *_, last = message.text.split("\n\nInvitation")
    assert first == (
        "Invitation to a meeting: Outage\nWhere: Room 4\nOrganiser: jo@acme.example\n\n"
        "Nothing prints.\nBring the log."
    )
    assert last.endswith("\n\nMeetings that are in the attached file only: 2.")
