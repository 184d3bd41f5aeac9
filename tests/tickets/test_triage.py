"""Logging, acknowledging, and what the policy says of the way a request came."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.triage import Acknowledge, Log
from supportdesk.tickets.ticket import Stage
from tests.tickets.scenario import MONDAY_NINE, RECORDS, Scenario, logged


def request(**fields: Any) -> Log:
    return Log(
        **{
            "severity": "high",
            "channel": "phone",
            "organisation": "acme",
            "contact": "jo",
            "summary": "It stops",
            **fields,
        }
    )


def test_a_request_is_logged_in_triage_with_the_team_that_its_severity_names() -> None:
    ticket = logged("high").now
    assert (ticket.stage, ticket.team, ticket.owner) == (Stage.TRIAGE, "user-support", None)


def test_a_request_goes_to_the_team_that_is_named_for_it() -> None:
    assert logged("high", team="development").now.team == "development"
    assert "there is no team 'nobody'; the policy has " in Scenario().refused(request(team="nobody"))


def test_a_request_that_pages_goes_to_the_team_that_is_paged() -> None:
    refused = Scenario().refused(request(severity="critical", team="user-support"))
    assert refused == "a Critical goes to Technical Support, who are paged; name no other team"
    assert logged("critical", team="technical-support").now.team == "technical-support"


def test_rule_02_the_clocks_start_at_arrival_not_when_it_was_typed() -> None:
    arrived = MONDAY_NINE - timedelta(minutes=40)
    scenario = logged("critical", received_at=arrived)
    assert scenario.clock_status(ClockKind.RESPONSE).elapsed == 40 * 60
    assert scenario.now.logged_at == MONDAY_NINE
    assert "logged it" in scenario.events[0].sentence()


def test_rule_02_a_business_clock_waits_for_the_next_open_second() -> None:
    sunday = MONDAY_NINE - timedelta(hours=20)
    scenario = logged("high", channel="email", at=sunday)
    assert scenario.clock_status(ClockKind.RESPONSE).due == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def test_a_request_from_the_future_is_refused() -> None:
    assert "arrived in the future" in Scenario().refused(
        request(received_at=MONDAY_NINE + timedelta(seconds=1))
    )


def test_a_number_or_address_of_a_new_contact_that_cannot_be_valid_is_refused() -> None:
    assert "'abc' is not a telephone number" in Scenario().refused(request(contact_telephone="abc"))
    assert "it has more than one @" in Scenario().refused(request(contact_email="jane@@x"))


def test_a_request_of_over_a_year_ago_is_refused() -> None:
    assert "over a year" in Scenario().refused(request(received_at=MONDAY_NINE - timedelta(days=367)))


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"severity": "urgent"}, "no severity 'urgent'"),
        ({"channel": "fax"}, "no channel 'fax'"),
        ({"organisation": "nobody"}, "no customer 'nobody'"),
        ({"contact": "stranger"}, "not a contact"),
        ({"summary": "   "}, "summary is needed"),
    ],
)
def test_rule_14_a_request_with_an_unknown_word_is_refused_with_what_is_known(
    fields: dict[str, str], word: str
) -> None:
    assert word in Scenario().refused(request(**fields))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"severity": "low"}, "Low must come by support portal"),
        ({"severity": "critical", "channel": "email"}, "Critical must come by critical telephone"),
        (
            {"severity": "high", "channel": "hotline"},
            "High must come by telephone support, voicemail, email or support portal",
        ),
        ({"contact": "kim"}, "the contact is not a super user"),
        ({"contact": "new", "channel": "email"}, "the contact is not registered"),
    ],
)
def test_a_request_by_the_wrong_channel_is_logged_and_flagged(fields: dict[str, str], reason: str) -> None:
    scenario = Scenario()
    scenario.do(request(**fields))
    assert reason in scenario.now.out_of_policy
    assert reason in scenario.history[0][0].sentence()


def test_a_call_outside_office_hours_is_flagged() -> None:
    scenario = Scenario(at=MONDAY_NINE - timedelta(hours=3))
    scenario.do(request())
    assert scenario.now.out_of_policy == ("telephone support is closed at that time",)


def test_a_request_by_the_right_way_carries_no_flag() -> None:
    assert logged("high").now.out_of_policy == ()


@pytest.mark.parametrize("channel", ["hotline", "email"])
def test_a_critical_pages_the_person_on_call_however_it_came(channel: str) -> None:
    page = logged("critical", channel=channel).now.page
    assert page is not None
    assert page.person == "dora"


def test_a_critical_with_nobody_on_call_says_so_and_is_still_open() -> None:
    nobody_above = {key: msgspec.structs.replace(each, rungs=()) for key, each in RECORDS.staff.items()}
    scenario = Scenario().with_records(rotations=(), staff=nobody_above)
    scenario.do(request(severity="critical", channel="hotline"))
    assert scenario.now.page_open
    assert "nobody is on call" in scenario.events[1].sentence()


def test_acknowledging_ends_triage_and_the_page() -> None:
    scenario = logged("critical")
    scenario.do(Acknowledge(scenario.now.ref), by="dora")
    assert scenario.now.stage is Stage.ASSIGNMENT
    assert not scenario.now.page_open
    assert scenario.now.page is not None
    assert scenario.now.page.acknowledged_by == "dora"


def test_acknowledging_twice_is_refused() -> None:
    scenario = logged()
    scenario.do(Acknowledge(scenario.now.ref))
    assert "already" in scenario.refused(Acknowledge(scenario.now.ref))


def test_rule_03_a_note_an_acknowledgement_and_a_log_by_phone_are_no_response() -> None:
    scenario = logged("critical", by="dora")
    scenario.do(Acknowledge(scenario.now.ref), by="dora")
    scenario.do(Note(scenario.now.ref, "looking"), by="dora")
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.OK
    assert scenario.now.response_verdict is None


def test_an_empty_note_is_refused() -> None:
    scenario = logged()
    assert "empty" in scenario.refused(Note(scenario.now.ref, " \n"))
