"""What the dialog of a voicemail says of the mail that brought it, and of a caller without a number."""

from __future__ import annotations

from msgspec import structs

from supportdesk.console.voicemail.reader import OpenedVoicemail
from supportdesk.console.voicemail.text import describe_caller, describe_facts
from supportdesk.tickets.voicemail import Voicemail
from tests.console.voicemail.test_pictures import MESSAGE


def facts(words: str, *files: str) -> dict[str, str]:
    opened = OpenedVoicemail(MESSAGE, None, b"RIFF", words, files)
    return describe_facts(opened, "Europe/London", MESSAGE.received_at, str)


def test_the_mail_that_brought_a_voicemail_is_shown_with_the_names_of_its_other_files() -> None:
    shown = facts("Please order\n\nThe parts of the list.", "order.pdf")
    assert shown["Mail"] == "Please order\nThe parts of the list."
    assert shown["Files"] == "order.pdf: supportdesk intake attachments 06ea69a8"
    assert not facts("").keys() & {"Mail", "Files"}


def test_a_long_mail_is_cut_and_says_where_the_rest_is() -> None:
    for words in ("line\n" * 100, "x" * 10_000):
        assert facts(words)["Mail"].endswith(
            "\n[cut here; all of it: supportdesk intake original 06ea69a8 > FILE]"
        )
        assert len(facts(words)["Mail"]) < 700


def test_a_number_is_withheld_only_where_the_telephone_says_so() -> None:
    unknown = structs.replace(MESSAGE, sender_address="")
    assert describe_caller(unknown, None) == "number not known"
    withheld = structs.replace(unknown, voicemail=Voicemail(is_withheld=True))
    assert describe_caller(withheld, None) == "number withheld"
