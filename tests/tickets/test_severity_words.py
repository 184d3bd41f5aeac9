"""The severity of a request about which nobody can be asked, by the words of the policy."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from supportdesk.sla.policy import Policy
from supportdesk.tickets.severity_words import WordedSeverity, find_severity
from tests.tickets.scenario import claritum


def with_email(**changes: object) -> Policy:
    policy = claritum()
    return replace(
        policy,
        channels=tuple(replace(each, **changes) if each.key == "email" else each for each in policy.channels),
    )


def test_mail_is_high_unless_its_words_are_those_of_the_policy() -> None:
    found = find_severity(claritum(), "email", ["Invoices are not printed", "since Monday"])
    assert found == WordedSeverity("high")


@pytest.mark.parametrize(
    ("texts", "key", "words"),
    [
        (["URGENT: the System is  down!", ""], "critical", "system is down"),
        (["Help", "We have a complete\nloss of service."], "critical", "complete loss of service"),
        (["Change request: a new column", ""], "change", "change request"),
        (["Change request", "the system is down"], "critical", "system is down"),
    ],
)
def test_words_count_whatever_their_case_and_line_ends_and_the_most_severe_wins(
    texts: list[str], key: str, words: str
) -> None:
    assert find_severity(claritum(), "email", texts) == WordedSeverity(key, words)


@pytest.mark.parametrize("text", ["the ecosystem is downloaded", "system downtime is planned", "system", ""])
def test_parts_of_words_do_not_count(text: str) -> None:
    assert find_severity(claritum(), "email", [text]).key == "high"


def test_words_that_are_spread_over_two_texts_do_not_count() -> None:
    assert find_severity(claritum(), "email", ["the system", "is down"]).key == "high"


def test_without_a_severity_of_its_own_a_channel_has_the_most_severe_that_may_come_by_it() -> None:
    assert (
        find_severity(with_email(severity=None, severity_words=None), "email", ["system is down"]).key
        == "high"
    )
    assert find_severity(claritum(), "hotline", [""]).key == "critical"


def test_a_channel_by_which_nothing_may_come_has_the_least_severe() -> None:
    policy = claritum()
    severities = tuple(replace(each, channels=("phone",)) for each in policy.severities)
    assert (
        find_severity(replace(with_email(severity=None), severities=severities), "email", [""]).key
        == "change"
    )
