"""The due times of a request, and why it is out of policy (rule 8), are shown before it is logged."""

from __future__ import annotations

import pytest

from supportdesk.console.calls.arrival import Arrival, preview_promise
from tests.console.fixtures.fake_desk import claritum
from tests.console.fixtures.morning import CONTACTS, NOW

ZONE = "Europe/London"


def arrival(channel: str = "phone", severity: str = "high") -> Arrival:
    return Arrival(claritum(), severity, channel, CONTACTS[0], NOW)


def test_without_a_severity_there_is_no_promise() -> None:
    preview = preview_promise(None, NOW, ZONE, has_contact=True)
    assert preview.promise.plain == "Choose a severity to see the due times."
    assert not preview.advice


def test_a_request_in_policy_has_times_and_no_advice() -> None:
    preview = preview_promise(arrival(), NOW, ZONE, has_contact=True)
    assert preview.promise.plain == "Respond by 12:42 GMT, resolve by Thu 13:42 GMT"
    assert not preview.advice


@pytest.mark.parametrize("has_contact", [False, True])
def test_rule_08_what_to_tell_the_caller_is_shown_once_the_caller_is_known(has_contact: bool) -> None:
    critical_by_mail = arrival("email", "critical")
    preview = preview_promise(critical_by_mail, NOW, ZONE, has_contact=has_contact)
    assert ("Out of policy" in preview.promise.plain) is has_contact
    assert bool(preview.advice) is has_contact
