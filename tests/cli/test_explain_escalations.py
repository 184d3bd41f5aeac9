"""`supportdesk explain REF --escalations`."""

from __future__ import annotations

from datetime import timedelta

from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt


def test_it_shows_who_was_paged_and_who_will_be(ann: Prompt) -> None:
    ref = ann.log("critical", channel="hotline")
    ann.done("staff", "change", "maya", "--rung", "support-manager", "--rung", "director")
    assert ann.done("explain", ref, "--escalations").splitlines() == [
        f"{ref}  Critical  escalation as of Tue 24 Nov 2026 09:42 GMT",
        "",
        "DUE                        STEP",
        "Tue 24 Nov 2026 09:42 GMT  at once                         paged Priya Nair",
        "Tue 24 Nov 2026 09:47 GMT  5 min without acknowledgement   will page Priya Nair",
        "Tue 24 Nov 2026 09:52 GMT  10 min without acknowledgement  will be skipped: nobody is second on call",
        "Tue 24 Nov 2026 09:52 GMT  15 min without acknowledgement  will page Maya Brandt",
        "Tue 24 Nov 2026 10:07 GMT  30 min without acknowledgement  will be skipped: nobody is Head of Support",
        "Tue 24 Nov 2026 10:27 GMT  75 % of the response target     will page Maya Brandt",
        "Tue 24 Nov 2026 15:42 GMT  75 % of the resolution target   will page Maya Brandt",
        "Tue 24 Nov 2026 16:54 GMT  90 % of the resolution target   will be skipped: nobody is Head of Support",
        "Tue 24 Nov 2026 17:42 GMT  resolution breached             will page Maya Brandt",
        "",
    ]


def test_an_acknowledgement_says_until_when_it_is_valid_and_is_extended_with_a_reason(ann: Prompt) -> None:
    ref = ann.log("critical", channel="hotline")
    priya = ann.by("priya")
    priya.at(TUESDAY + timedelta(minutes=2)).done("acknowledge", ref)
    told = priya.done("explain", ref, "--escalations")
    assert "Acknowledged by Priya Nair at 09:44 GMT, valid until 10:13 GMT\n" in told
    assert "Tue 24 Nov 2026 10:13 GMT  5 min without acknowledgement" in told
    priya.at(TUESDAY + timedelta(minutes=20)).done("acknowledge", ref, "--reason", "on my way to a desk")
    told = priya.done("explain", ref, "--escalations")
    assert "Acknowledged by Priya Nair at 10:02 GMT, valid until 10:22 GMT: on my way to a desk\n" in told
    assert "extended the acknowledgement: on my way to a desk" in priya.done("show", ref)


def test_what_is_due_and_has_not_fired_is_said(ann: Prompt) -> None:
    ref = ann.log("high")
    told = ann.at(TUESDAY + timedelta(hours=2, minutes=30)).done("explain", ref, "--escalations")
    assert "Tue 24 Nov 2026 11:57 GMT  75 % of the response target" in told
    assert "(due, and not fired yet)" in told


def test_of_a_closed_ticket_nothing_is_to_come(ann: Prompt) -> None:
    ref = ann.log("high")
    ann.done("close", ref, "--reason", "withdrawn", "--text", "No longer needed")
    told = ann.done("explain", ref, "--escalations")
    assert "No step is to come.\nThe response is no longer counted.\n" in told


def test_the_clocks_and_the_steps_are_asked_for_one_at_a_time(ann: Prompt) -> None:
    ref = ann.log("high")
    answer = ann("explain", ref, "--escalations", "--clock", "response")
    assert answer.code == 2
    assert "leave out --clock" in answer.err
