"""Plain text and HTML that a mail program wrote from the same words are the same; a line of only one form is said."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.intake.mail.parsing import form_difference
from supportdesk.intake.mail.parsing.form_difference import (
    MOST_WORK,
    ComparisonBudget,
    Difference,
    FormComparison,
)
from supportdesk.intake.mail.parsing.html_text import html_to_text
from tests.intake.mail.parsing.samples import parsed


def says_more(text: str, than: str) -> bool:
    """Whether a text has a line that another one does not have."""
    return FormComparison(than, ComparisonBudget()).find_difference(text) is Difference.MORE


def remarks(plain: str, *html: str, **headers: str) -> tuple[str, ...]:
    """What is remarked of a message in all of these forms."""
    message = EmailMessage()
    message["From"] = "Jo Park <jo@acme.example>"
    message["Message-ID"] = "<1@acme.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(plain)
    for each in html:
        message.add_alternative(each, subtype="html")
    return parsed(message.as_bytes()).remarks


OUTLOOK = (
    """Hello,

The printer on floor 2 doesn't print since Friday:

1.\tTray 1 is full
2.\tTray 2 shows “E-37”

o\tWe tried another cable J

See https://acme.example/guide for the manual, and the picture:
[cid:image001.png@01DA1234.5678]

Kind regards,
Jo Park
Head of Printing | Acme Ltd | T +44 20 7946 0018

From: Support <support@desk.example>
Sent: 23 November 2026 09:10
To: Jo Park [mailto:jo@acme.example]
Subject: RE: The printer

Which printer is it?
""",
    """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head><body>
<p class=MsoNormal>Hello,<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal>The printer on floor&nbsp;2 doesn&#8217;t print since Friday:<o:p></o:p></p>
<ol><li class=MsoListParagraph>Tray 1 is full<o:p></o:p></li><li>Tray 2 shows &#8220;E-37&#8221;</li></ol>
<p class=MsoListParagraph><span style='font-family:"Courier New"'>o<span>&nbsp;&nbsp; </span></span>We tried another
cable <span style='font-family:Wingdings'>J</span><o:p></o:p></p>
<p>See <a href="https://eur01.safelinks.protection.outlook.example/?url=x">https://acme.example/guide</a>
for the manual, and the picture: <img src="cid:image001.png@01DA1234.5678" alt="A printer, AI generated"></p>
<p>Kind regards,<br>Jo Park<br>Head of Printing | Acme Ltd | T +44 20 7946 0018</p>
<p><b>From:</b> Support &lt;support@desk.example&gt;<br><b>Sent:</b> 23 November 2026 09:10<br>
<b>To:</b> Jo Park &lt;<a href="mailto:jo@acme.example">jo@acme.example</a>&gt;<br><b>Subject:</b> RE: The printer</p>
<p>Which printer is it?</p></body></html>""",
)
GMAIL = (
    """Hi,

the *total* of invoice 4711 is wrong. It should be 1,000 €, as agreed in the
meeting <https://meet.example/abc-def> on Friday.

   - first line: 600 €
   - second line: 400 €

[image: screenshot.png]
Thanks 😀
--
Jo Park
acme.example <http://acme.example>

On Mon, 23 Nov 2026 at 09:10, Support <support@desk.example> wrote:

> Which invoice is it?
>
""",
    """<div dir="ltr">Hi,<div><br></div><div>the <b>total</b> of invoice 4711 is wrong. It should be
1,000&nbsp;€, as agreed in the <a href="https://meet.example/abc-def">meeting</a> on
Friday.</div><ul><li>first line: 600 €</li>
<li>second line: 400 €</li></ul><img src="cid:ii_1" alt="screenshot.png" width="500"><div>Thanks <img
data-emoji="1" alt="😀" src="https://fonts.example/1.png"></div><div>-- <br></div>
<div class="gmail_signature">Jo Park<br>
<a href="http://acme.example">acme.example</a></div></div><br><div class="gmail_quote"><div class="gmail_attr">On Mon,
23 Nov 2026 at 09:10, Support &lt;<a href="mailto:support@desk.example">support@desk.example</a>&gt; wrote:<br></div>
<blockquote class="gmail_quote">Which invoice is it?<br></blockquote></div>""",
)
APPLE = (
    """Hello,

\u2022 the login fails
\u2022 the re\u00adport is empty

\ufffc

Jo

> On 23 Nov 2026, at 09:10, Support <support@desk.example> wrote:
>
> Which report is it?
""",
    """<html><body style="overflow-wrap: break-word;"><div>Hello,</div><div><br></div><ul
class="MailOutline"><li>the login fails</li><li>the report is empty</li></ul><div><br></div><img
alt="image.png" src="cid:1"><div>Jo</div><div><br>
<blockquote type="cite"><div>On 23 Nov 2026, at 09:10, Support &lt;support@desk.example&gt; wrote:</div><br><div>Which
report is it?</div></blockquote></div></body></html>""",
)
NEWSLETTER = (
    """** What is new in November
------------------------------------------------------------

The new release has a faster search. Read more (https://news.example/search?utm=1)

Tray 1: full
Tray 2: empty

You get this as you asked for it. Unsubscribe (https://news.example/u)
""",
    """<html><head><title>News</title></head><body><div style="display:none;max-height:0px;overflow:hidden">A faster
search, and more&#847;&zwnj;&nbsp;</div><span style="font-size:0">x9</span><table><tr><td><a
href="https://news.example/v">View this email in your browser</a></td></tr><tr><td><h1>What is new in
November</h1><p>The new release has a faster
search. <a href="https://news.example/search?utm=2">Read more</a></p></td></tr>
<tr><td>Tray 1:</td><td>full</td></tr><tr><td>Tray 2:</td><td>empty</td></tr>
<tr><td>You get this as you asked for it. <a href="https://news.example/u">Unsubscribe</a></td></tr>
<tr><td>© 2026 News Ltd, 1 High Street</td></tr></table></body></html>""",
)


@pytest.mark.parametrize(
    ("plain", "html"), [OUTLOOK, GMAIL, APPLE, NEWSLETTER], ids=["outlook", "gmail", "apple", "newsletter"]
)
def test_the_forms_of_ordinary_mail_are_the_same(plain: str, html: str) -> None:
    assert remarks(plain, html) == ()


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        ("Please cancel the order.", "<p>Please cancel the order.</p><p>Not the second one.</p>"),
        ("Hello,\n\nplease call.", "<p>Hello,</p><p>please call.</p><p>It is urgent.</p>"),
        # The same words in another order say something else.
        ("Cancel order 7, keep order 8.", "<p>Cancel order 8, keep order 7.</p>"),
        ("Pay 100.", "<p>Pay 1000.</p>"),
        ("Pay 1000.", "<p>Pay 100.</p>"),
        ("Nothing is to be done.", "<p>Nothing is to be done.</p><p>Not</p>"),
        ("It prints.", "<p>It prints.</p><p>No</p>"),
        (
            "Please stop the alarms of today.",
            "<p>Please stop the alarms of today.</p><p>Please unsubscribe me from all.</p>",
        ),
        # A picture says nothing, but what is beside it does.
        ("See below.", '<p>See below.</p><p><img alt="chart">Sales fell.</p>'),
        ("See below.", '<p>See below.</p><p style="display:block">Sales fell.</p>'),
        # The plain text says more than the HTML that is shown.
        ("My PIN is 1234.", f"<p>{'The invoice of October has two lines for one order. ' * 3}</p>"),
    ],
)
def test_a_line_that_is_in_one_form_only_is_remarked(plain: str, html: str) -> None:
    [remark] = remarks(plain, html)
    assert "with words that are not here; they are in the original only" in remark


def test_a_newsletter_is_remarked_where_most_of_it_is_in_one_form_only() -> None:
    html = "<p>The first of it.</p><p>The second of it.</p><p>The third of it.</p>"
    listed = {"List_Unsubscribe": "<https://news.example/u>"}
    assert remarks("The first of it.\nThe second of it.", html, **listed) == ()
    assert len(remarks("The first of it.", html, **listed)) == 1


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ('<p>a</p><div style="DISPLAY : none">b<br><p>c</p></div><p>d</p>', "a\n\nd"),
        ('<p>a<span style="color:red;font-size:0px;">b</span>c</p>', "ac"),
        ("<p hidden>a</p><p>b</p>", "b"),
        ('<p style="mso-hide:all">a</p><p style="opacity:0.5">b</p>', "b"),
        ('<p style="max-height:100px">a</p><img style="display:none" alt="x">', "a"),
    ],
)
def test_what_styles_hide_is_not_seen_and_still_in_the_text(html: str, seen: str) -> None:
    assert html_to_text(html, seen_only=True).strip() == seen
    assert html_to_text(html).replace("\n", "").replace("[x]", "") in {"abcd", "abc", "ab", "a"}


LINES = st.lists(st.text("abcdefgh 12.,-", min_size=1, max_size=30), min_size=1, max_size=6)


@given(LINES, st.text("xyz ", min_size=1, max_size=20).filter(str.strip), st.integers(0, 6))
def test_no_line_of_letters_that_the_other_form_lacks_goes_unsaid(
    lines: list[str], added: str, place: int
) -> None:
    text = "\n".join(lines)
    assert not says_more(text, text)
    assert not says_more(" ".join(lines), text) or not any(map(str.isalnum, "".join(lines)))
    assert says_more("\n".join([*lines[:place], added, *lines[place:]]), text)


HOSTILE = {
    "a word without end, and short lines": ("a" * 48_000, "ab\n" * 8_000),
    "a word without end, and a line that nearly is in it": ("a" * 48_000, f"{'a' * 90}ba\n" * 500),
    "letters in another order": ("ab " * 20_000, "ba\n" * 10_000),
    "lines that are elsewhere": (
        "\n".join(f"{number} line" for number in range(4_000)),
        "\n".join(f"{number} line" for number in range(4_000, 0, -1)),
    ),
    "cells": ("x  " * 20_000, "x  " * 20_000),
    "letters that become many": ("\ufdfa " * 20_000, "\ufdfa\n" * 10_000),
    "brackets": ("[" * 40_000, "<" * 40_000),
    "marks": ("> " * 40_000, "1. " * 20_000),
    "what programs add": ("x", f"{'unsubscribe from this ' * 4_000}\n"),
}
LETTERS = 500_000


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many letters are read and searched in a test, in each step."""
    steps: list[int] = []
    list_words, build = form_difference._list_words, form_difference._Letters.__init__

    class CountedText(str):
        """Letters that count how many of them are searched."""

        __slots__ = ()

        def find(self, wanted: str, start: int, end: int) -> int:  # type: ignore[override]
            found = super().find(wanted, start, end)
            steps.append((found if found >= 0 else end) - start)
            return found

    def count_words(text: str, *rest: Any) -> list[str]:
        steps.append(len(text))
        return list_words(text, *rest)

    def build_counted(letters: Any, *rest: Any) -> None:
        build(letters, *rest)
        letters._all = CountedText(letters._all)

    monkeypatch.setattr(form_difference, "_list_words", count_words)
    monkeypatch.setattr(form_difference._Letters, "__init__", build_counted)
    return steps


@pytest.mark.parametrize("is_newsletter", [False, True])
@pytest.mark.parametrize(("shown", "other"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_take_a_limited_number_of_letters_and_steps(
    shown: str, other: str, is_newsletter: bool, work: list[int]
) -> None:
    budget = ComparisonBudget(LETTERS)
    for _ in range(3):
        FormComparison(shown, budget, is_newsletter=is_newsletter).find_difference(other)
    # The last step is counted when it is done.
    assert sum(work[:-1]) <= LETTERS
    assert len(work) <= LETTERS / 20


@pytest.mark.slow
@pytest.mark.parametrize(
    ("plain", "html", "headers"),
    [
        ("a" * 480_000, ["ab<br>" * 80_000], {"List_Id": "<x.example>"}),
        ("Lorem ipsum " * 80_000, ["<p>x"] * 20, {}),
    ],
    ids=["a newsletter", "many forms"],
)
def test_all_forms_of_a_message_share_the_letters_that_are_read_and_searched(
    plain: str, html: list[str], headers: dict[str, str], work: list[int]
) -> None:
    assert len(remarks(plain, *html, **headers)) == 1
    assert sum(work[:-1]) <= MOST_WORK


def test_the_form_that_is_shown_is_read_once_for_all_others(work: list[int]) -> None:
    plain = "Lorem ipsum " * 1_000
    [remark] = remarks(plain, *["<p>ipsum lorem</p>"] * 20, "<p>dolor</p>", *["<p>sit</p>"] * 20)
    assert "with words that are not here" in remark
    assert sum(step >= len(plain) - 1 for step in work) <= 6, (
        "as it is, without links, and searched for one line"
    )
    work.clear()
    remarks(plain, "<p>dolor</p>", *["<p>sit</p>"] * 20)
    assert len(work) < 20, "what one form says more is said for all"


@pytest.mark.parametrize("headers", [{}, {"List_Id": "<x.example>"}], ids=["a person", "a newsletter"])
def test_forms_that_take_too_long_to_compare_are_said_to_be_so(
    headers: dict[str, str], monkeypatch: pytest.MonkeyPatch, work: list[int]
) -> None:
    monkeypatch.setattr(ComparisonBudget.__init__, "__defaults__", (1_000,))
    [remark] = remarks("A line.\n" * 100, "<p>A line.</p>", "<p>Two lines.</p>", **headers)
    assert remark == (
        "It also came as HTML, and both are too long to compare; words that are not here are in the original only."
    )
    assert len(work) <= 1
