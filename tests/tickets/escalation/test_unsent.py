"""A page that reaches its person by no method in time moves the escalation on (rule 24)."""

from supportdesk.tickets.events import PageUnsent
from supportdesk.tickets.process.triage import Acknowledge
from tests.tickets.escalation.watched import Watched, watched


def miss(case: Watched, person: str = "priya") -> None:
    """Record that a person's page could not be sent."""
    case.scenario.apply(PageUnsent(person, "sms: refused"), by="watcher")


def test_rule_24_after_a_page_that_could_not_be_sent_the_next_step_is_due_at_once() -> None:
    case = watched()
    case.wait(minutes=1)
    miss(case)
    assert case.told(case.wait(seconds=10)) == [("1:00", "on-call/2", ("priya",))]


def test_rule_24_each_page_that_could_not_be_sent_moves_the_escalation_on_by_one_step() -> None:
    case = watched()
    for _ in range(4):
        case.wait(minutes=1)
        miss(case)
        case.wait(seconds=10)
    assert [step for _, step, _ in case.told()] == ["on-call/2", "second", "manager", "head"]


def test_rule_24_the_later_steps_follow_in_their_own_time() -> None:
    case = watched()
    case.wait(minutes=1)
    miss(case)
    made = case.told(case.wait(minutes=20))
    assert made[0] == ("1:00", "on-call/2", ("priya",))
    assert made[1][:2] == ("6:00", "second")


def test_rule_24_an_acknowledgement_that_is_valid_holds_it_back() -> None:
    case = watched()
    case.wait(minutes=1)
    case.do(Acknowledge(case.scenario.now.ref))
    miss(case)
    assert case.wait(minutes=10) == []
