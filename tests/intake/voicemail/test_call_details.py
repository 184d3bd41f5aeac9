"""What a telephone system says of a call is read from names of files and from the files beside them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from supportdesk.intake.voicemail.call_details import CallDetails, read_caller, read_name, read_sidecar

LONDON = "Europe/London"
EVENING = datetime(2026, 11, 27, 19, 30, tzinfo=UTC)
FAR = datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC)
NUMBER = "+442079460018"


@pytest.mark.parametrize(
    ("stem", "caller", "at"),
    [
        ("20261127-193000_+442079460018", NUMBER, EVENING),
        ("+442079460018_2026-11-27_19-30-00", NUMBER, EVENING),
        ("2026-11-27T19:30:00Z 02079460018", "02079460018", EVENING),
        ("external-100-02079460018-20261127-193000-1795807800.123", "02079460018", EVENING),
        ("[Jo Park]_100-02079460018_20261127193000(12)", "02079460018", EVENING),
        ("1795807800_02079460018", "02079460018", EVENING),
        ("20260727-193000_1001", "1001", datetime(2026, 7, 27, 18, 30, tzinfo=UTC)),
        ("202611271930_anonymous", "", EVENING),
        ("20261399-193000", "", None),
        ("msg0001", "", None),
        ("dump-call", "", None),
    ],
)
def test_the_name_of_a_file_tells_caller_and_time(stem: str, caller: str, at: datetime | None) -> None:
    assert read_name(stem, LONDON) == CallDetails(caller, "", at, is_withheld="anonymous" in stem)


ASTERISK = """
;
; Message Information file
;
[message]
origmailbox=100
context=macro-vm
exten=s
callerchan=SIP/trunk-00000001
callerid="Jo Park" <02079460018>
origdate=Fri Nov 27 07:30:00 PM GMT 2026
origtime=1795807800
category=
duration=17
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ASTERISK, CallDetails("02079460018", "Jo Park", EVENING, 17)),
        (ASTERISK.replace('"Jo Park" <02079460018>', "Unknown"), CallDetails("", "", EVENING, 17)),
        (
            '{"caller": "+44 20 7946 0018", "name": "Jo", "time": "2026-11-27T19:30:00", "duration": 17.5}',
            CallDetails("+44 20 7946 0018", "Jo", EVENING, 17.5),
        ),
        ('{"From": "sip:+442079460018@pbx", "timestamp": 1795807800}', CallDetails(NUMBER, "", EVENING)),
        ('{"caller": ["x"], "time": "yesterday", "duration": "-1"}', CallDetails()),
        ("{" * 10_000, CallDetails()),
        ("[1, 2]", CallDetails()),
        ("\x00\x1b[2J = = =\n[", CallDetails()),
        (
            "[message]\norigtime=99999999999\nduration=1e9\n",
            CallDetails(at=FAR),
        ),
    ],
)
def test_a_sidecar_tells_more_and_a_broken_one_nothing(text: str, expected: CallDetails) -> None:
    assert read_sidecar(text, LONDON) == expected


def test_what_a_sidecar_lacks_is_in_the_name() -> None:
    found = read_sidecar('{"caller_name": "Jo"}', LONDON).or_else(
        read_name("20261127-193000_+442079460018", LONDON)
    )
    assert found == CallDetails(NUMBER, "Jo", EVENING)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Jo Park" <+44 20 7946 0018>', ("+44 20 7946 0018", "Jo Park")),
        ("anonymous", ("", "")),
        ("Jo Park", ("", "Jo Park")),
    ],
)
def test_a_caller_is_a_number_with_or_without_a_name(text: str, expected: tuple[str, str]) -> None:
    assert read_caller(text) == expected
