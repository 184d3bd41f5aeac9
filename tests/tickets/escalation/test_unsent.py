"""A page that reaches its person by no method in time moves the escalation on (rule 24)."""

from datetime import timedelta

from supportdesk.tickets.events import PageUnsent
from supportdesk.tickets.process.triage import Acknowledge
from tests.tickets.escalation.watched import Watched, watched


def miss(case: Watched, person: str = "priya") -> None:
    """Record that a person's page could not be sent."""
    case.scenario.apply(PageUnsent(person, "sms: refused"), by="watcher")


def test_rule_24_after_a_page_that_could_not_be_sent_the_next_person_is_paged_at_once() -> None:
    case = watched()
    case.wait(minutes=1)
    miss(case)
    assert case.told(case.wait(seconds=10)) == [
        ("1:00", "on-call/2", ("Priya could not be reached by any method",)),
        ("1:00", "second", ("nobody is second on call",)),
        ("1:00", "manager", ("sue",)),
    ]


def test_rule_24_of_somebody_who_passed_the_page_on_the_skip_says_so() -> None:
    case = watched()
    case.wait(minutes=1)
    case.scenario.apply(PageUnsent("priya", "2 was pressed", declined=True), by="watcher")
    assert case.told(case.wait(seconds=10))[0] == ("1:00", "on-call/2", ("Priya passed the page on",))


def test_rule_24_each_page_that_could_not_be_sent_moves_the_escalation_on() -> None:
    case = watched()
    case.wait(minutes=1)
    miss(case)
    case.wait(minutes=1)
    miss(case, "sue")
    assert case.told(case.wait(seconds=10)) == [("2:00", "head", ("hal",))]


def test_rule_24_after_a_while_the_person_is_paged_again() -> None:
    case = watched()
    case.wait(minutes=1)
    miss(case)
    case.scenario.at += timedelta(minutes=2)
    assert case.told(case.wait(seconds=10))[0] == ("3:00", "on-call/2", ("priya",))


def test_rule_24_an_acknowledgement_that_is_valid_holds_it_back() -> None:
    case = watched()
    case.wait(minutes=1)
    case.do(Acknowledge(case.scenario.now.ref))
    miss(case)
    assert case.wait(minutes=10) == []
