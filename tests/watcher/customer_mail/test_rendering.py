"""What customers read, in text and in HTML."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given

from supportdesk.resources import data_path
from supportdesk.sla.formatting import date_time, full_day
from supportdesk.sla.mail_kind import MailKind
from supportdesk.tickets.command import TEXT_LIMIT
from supportdesk.toml_file.document import read_toml
from supportdesk.watcher.customer_mail.content import OpenDays, OpenHours
from supportdesk.watcher.customer_mail.language import MailTextError, read_language
from supportdesk.watcher.customer_mail.rendering import MailTemplates
from tests.watcher.customer_mail.samples import REF, content_of, render
from tests.watcher.sending.pages import texts

SHIPPED = data_path("mail")
KINDS = pytest.mark.parametrize("kind", MailKind)


class _Page(HTMLParser):
    """The tags and the words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def words_of(html: str) -> list[str]:
    return _Page(html.partition("</head>")[2]).words.split()


def test_a_receipt_says_the_reference_what_was_asked_the_promise_and_the_number_for_a_critical() -> None:
    assert render(content_of(MailKind.RECEIPT)).text == (
        "Hello Dana Price,\n\n"
        "We have received your request and logged it as CD-4CAG-H with severity High.\n\n"
        "Your request: Invoices cannot be printed\n\n"
        "We will respond by Mon 30 Nov 09:30 GMT.\n"
        "Our target for resolving it is Wed 2 Dec 12:00 GMT.\n"
        "Our hours are Mon-Fri 08:00-18:00 London time, except bank holidays.\n\n"
        "If you lose the service completely and work cannot continue, call +44 20 7946 0000 at any hour.\n\n"
        "To add anything, reply to this email and leave CD-4CAG-H in the subject.\n\n"
        "Your support desk\n"
    )


def test_a_receipt_promises_nothing_that_does_not_apply() -> None:
    bare = content_of(
        MailKind.RECEIPT, response_due=None, resolution_due=None, critical_number="", open_hours=None
    )
    text = render(bare).text
    assert "by" not in text.split()
    assert "call" not in text
    assert "\n\n\n" not in text


def test_a_receipt_says_that_a_critical_is_worked_on_day_and_night() -> None:
    text = render(content_of(MailKind.RECEIPT, round_the_clock=True)).text
    assert "We work on it day and night, every day of the year." in text
    assert "Our hours" not in text


def test_a_mail_that_asks_something_says_that_the_clock_waits_and_how_to_continue() -> None:
    text = render(content_of(MailKind.WAITING, text="Which printer is it?")).text
    assert text.index("We need something from you") < text.index("Which printer is it?")
    assert "Reply to this email to continue." in text
    assert "stands still while we wait for you" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "A fix for CD-4CAG-H is planned for Fri 11 Dec 2026 (release 4.2)."),
        ({"release": ""}, "A fix for CD-4CAG-H is planned for Fri 11 Dec 2026."),
        ({"fix_date": None}, "A fix for CD-4CAG-H is planned for release 4.2."),
        ({"fix_date": None, "release": ""}, "We will write to you when we know its date."),
        (
            {"previous_fix_date": date(2026, 12, 4), "previous_release": "4.1"},
            "Planned before: Fri 4 Dec 2026 (release 4.1)\nPlanned now: Fri 11 Dec 2026 (release 4.2)\n",
        ),
        ({"previous_release": "4.1", "fix_date": None}, "before: release 4.1\nPlanned now: release 4.2\n"),
    ],
)
def test_a_fix_is_said_with_its_date_and_release_and_from_where_it_moved(
    changes: dict[str, object], said: str
) -> None:
    assert said in render(content_of(MailKind.FIX, **changes)).text


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (OpenHours((OpenDays(0, 0, (("08:00", "18:00"),)),), "UTC"), "Mon 08:00-18:00 UTC."),
        (
            OpenHours(
                (
                    OpenDays(0, 3, (("08:00", "12:00"), ("13:00", "17:00"))),
                    OpenDays(4, 4, (("08:00", "12:00"),)),
                ),
                "America/New_York",
            ),
            "Mon-Thu 08:00-12:00 and 13:00-17:00, Fri 08:00-12:00 New York time.",
        ),
    ],
)
def test_opening_hours_are_said_in_a_few_words(hours: OpenHours, said: str) -> None:
    assert f"Our hours are {said}\n" in render(content_of(MailKind.RECEIPT, open_hours=hours)).text


@pytest.mark.parametrize(("days", "said"), [(5, "after 5 working days."), (1, "after 1 working day.")])
def test_a_resolved_request_says_what_was_done_how_to_reopen_it_and_when_it_is_closed(
    days: int, said: str
) -> None:
    text = render(content_of(MailKind.RESOLVED, closes_after_days=days)).text
    assert "What was done:\n\nThe printer driver was replaced.\n" in text
    assert "reply to this email to reopen your request" in text
    assert said in text


def test_a_reply_is_what_the_member_of_staff_wrote_with_their_name() -> None:
    written = "Dear Dana,\n\n\n    cat <file> | lpr -o 50%\n\nIt is {done}."
    rendered = render(content_of(MailKind.REPLY, text=written, author_name="Ann Lee"))
    assert rendered.text.startswith(f"{written}\n\n")
    assert "\n\nAnn Lee\nYour support desk\n\n" in rendered.text
    assert "<br>\n&nbsp;&nbsp;&nbsp;&nbsp;cat &lt;file&gt; | lpr -o 50%<br>" in rendered.html


def test_an_article_is_sent_with_its_address_only_where_that_can_be_followed() -> None:
    article = {"article_title": "Printing", "article_address": "https://help.example.com/kb/7"}
    with_link = render(content_of(MailKind.REPLY, **article))
    assert "An article that may help: Printing\nhttps://help.example.com/kb/7\n" in with_link.text
    assert '<a href="https://help.example.com/kb/7">' in with_link.html
    without = render(content_of(MailKind.REPLY, **article | {"article_address": "javascript:alert(1)"}))
    assert "javascript" not in without.text + without.html
    assert "Printing" in without.text


@KINDS
def test_both_forms_of_a_mail_say_the_same(kind: MailKind) -> None:
    rendered = render(content_of(kind, author_name="Ann Lee"))
    assert words_of(rendered.html) == rendered.text.split()


@KINDS
def test_every_mail_is_calm_and_short(kind: MailKind) -> None:
    rendered = render(content_of(kind))
    assert "!" not in rendered.text
    assert len(rendered.text.split()) < 90


@KINDS
def test_the_subject_is_the_same_for_every_mail_of_a_ticket_so_that_they_stay_one_conversation(
    kind: MailKind,
) -> None:
    assert render(content_of(kind)).subject == "[CD-4CAG-H] Invoices cannot be printed"


def test_times_and_days_are_written_as_the_product_writes_them_elsewhere() -> None:
    english = read_language(SHIPPED / "en.toml")
    for month in range(1, 13):
        at = datetime(2026, month, month + 3, 7, 5, tzinfo=UTC)
        assert english.write_time(at, "Europe/London") == date_time(at, "Europe/London")
        assert english.write_day(at.date()) == full_day(at.date())


def test_every_text_of_the_language_is_used_by_a_template_and_none_is_missing() -> None:
    said = {"cut"}
    for template in SHIPPED.glob("*.[th]*[tl]"):
        if template.suffix in (".txt", ".html"):
            said.update(re.findall(r'say\("(\w+)"\)', template.read_text()))
    assert said == set(read_toml(SHIPPED / "en.toml")[1]["texts"])


def test_templates_hold_no_words_of_their_own() -> None:
    for template in SHIPPED.glob("*.txt"):
        assert re.sub(r"\{[%{].*?[%}]\}", "", template.read_text()).split() == []
    for template in SHIPPED.glob("*.html"):
        assert words_of(re.sub(r"\{[%{].*?[%}]\}", "", template.read_text())) == []


@KINDS
@given(text=texts)
@example(text="{{ 7 * 7 }}{% raw %}{ref}<script>alert(1)</script>%s")
def test_no_text_changes_the_structure_of_a_mail(kind: MailKind, text: str) -> None:
    hostile = content_of(
        kind,
        text=text,
        summary=text,
        contact_name=text,
        author_name=text,
        severity=text,
        release=text,
        previous_release=text,
        critical_number=text,
        article_title=text,
        article_address=text,
    )
    rendered = render(hostile)
    assert "\n" not in rendered.subject
    assert rendered.subject.startswith(f"[{REF}]")
    assert _Page(rendered.html).tags <= {"html", "head", "meta", "title", "body", "p", "br", "strong", "a"}
    rendered.html.encode()
    rendered.text.encode()


def test_a_text_is_never_read_as_a_template() -> None:
    rendered = render(content_of(MailKind.REPLY, text="{{ 7 * 7 }} {ref} %s"))
    assert rendered.text.startswith("{{ 7 * 7 }} {ref} %s\n")
    assert "{{ 7 * 7 }} {ref} %s" in rendered.html


def test_megabytes_are_cut_and_said_to_be() -> None:
    rendered = render(content_of(MailKind.REPLY, text="wide " * 500_000, summary="long " * 500_000))
    assert len(rendered.text) < TEXT_LIMIT + 1_000
    assert "[The rest is too long for an email." in rendered.text
    assert len(rendered.subject) < 250


GREETING = 'greeting = "Hello {contact_name},"'


class TestOwnTemplates:
    """A desk's own folder is read before the one that ships with the program."""

    def test_another_language_is_another_file(self, tmp_path: Path) -> None:
        german = (SHIPPED / "en.toml").read_text().replace("We have closed {ref}.", "{ref} ist geschlossen.")
        (tmp_path / "de.toml").write_text(german.replace("en-GB", "de"))
        rendered = MailTemplates(tmp_path, "de").render(content_of(MailKind.CLOSED))
        assert "CD-4CAG-H ist geschlossen." in rendered.text
        assert '<html lang="de">' in rendered.html

    def test_a_fault_of_a_template_is_named_with_file_and_line(self, tmp_path: Path) -> None:
        own = tmp_path / "closed.txt"
        faults = {
            "\n{% if ref %}": "line 2: Unexpected end of template",
            "\n\n{{ rfe }}": "line 3: 'rfe' is undefined; correct the template",
            '\n{{ say("closd") }}': 'line 2: .*en.toml has no text named "closd"; add it under',
            '\n{% extends "farme.txt" %}': "line 2: .*farme.txt",
            "\n{{ ref.__class__.__mro__ }}": "line 2: access to attribute '__class__' .* is unsafe",
            "{{ 1 // 0 }}": "line 1: ",
        }
        for template, said in faults.items():
            own.write_text(template)
            with pytest.raises(MailTextError, match=f"{re.escape(str(own))}, {said}"):
                MailTemplates(tmp_path).render(content_of(MailKind.CLOSED))

    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [
            (GREETING, 'greeting = "Hello {name},"', r"line \d+: \[texts\] greeting: {name} is"),
            (GREETING, 'greeting = "Hello {contact_name!r},"', r"line \d+: \[texts\] greeting"),
            (GREETING, 'greeting = "Hello {",', r"is not TOML at line"),
            (GREETING, 'greeting = "Hello {"', r"line \d+: \[texts\] greeting: has a brace"),
            ("closed = ", "closed = 7 #", r"line \d+: \[texts\] closed: give a text in quotes"),
            ('"Mon", ', "", r"line \d+: weekdays: give"),
            ("subject = ", "subjekt = ", r"subjekt: is not known in files of texts here"),
            ('time = "{weekday}', 'time = "{week}', r"line \d+: time: {week} is not known; write one of weekday,"),
        ],
    )  # fmt: skip
    def test_a_fault_of_a_text_is_named_with_file_and_line(
        self, tmp_path: Path, before: str, after: str, said: str
    ) -> None:
        shipped = (SHIPPED / "en.toml").read_text()
        assert before in shipped
        (tmp_path / "en.toml").write_text(shipped.replace(before, after))
        with pytest.raises(MailTextError, match=said) as raised:
            MailTemplates(tmp_path)
        assert str(tmp_path / "en.toml") in str(raised.value)

    def test_a_language_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(MailTextError, match=r"xx\.toml: cannot be read"):
            MailTemplates(tmp_path, "xx")


def test_a_receipt_for_what_is_overdue_says_so() -> None:
    text = render(content_of(MailKind.RECEIPT, response_late=True, resolution_late=True)).text
    assert "We will respond as soon as we can; our response was due by Mon 30 Nov 09:30 GMT.\n" in text
    assert "Our target for resolving it was Wed 2 Dec 12:00 GMT.\n" in text
