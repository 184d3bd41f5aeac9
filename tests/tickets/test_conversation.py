"""The customer rings about a ticket, and articles go to them."""

import pytest

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import RecordCall, Reply, SendArticle
from supportdesk.tickets.process.resolution import LinkArticle, Resolve, Wait
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.ticket import Stage
from tests.tickets.scenario import RECORDS, Scenario, logged


def waiting_on(whom: str) -> Scenario:
    scenario = logged()
    scenario.do(Reply(scenario.now.ref, "Which version is it?"))
    scenario.later(minutes=5).do(Wait(scenario.now.ref, whom))
    return scenario.later(minutes=5)


def resolved() -> Scenario:
    scenario = logged()
    scenario.do(Resolve(scenario.now.ref, "Restarted"))
    return scenario.later(minutes=5)


def sentences(scenario: Scenario) -> list[str]:
    return [event.sentence() for event in scenario.events]


def test_a_call_about_a_ticket_stands_on_its_timeline_with_who_rang() -> None:
    scenario = logged()
    scenario.do(RecordCall(scenario.now.ref, "It happens at noon, too.", contact="kim"))
    assert sentences(scenario) == ["took a call from Kim Lo: It happens at noon, too."]
    scenario.do(RecordCall(scenario.now.ref, "Any news?"))
    assert sentences(scenario) == ["took a call from Jo Park: Any news?"]


def test_rule_03_a_call_from_the_customer_is_no_response_and_takes_nothing() -> None:
    scenario = logged().later(minutes=5)
    scenario.do(RecordCall(scenario.now.ref, "Any news?"))
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.OK
    assert (scenario.now.stage, scenario.now.owner) == (Stage.TRIAGE, None)


def test_rule_03_what_the_caller_is_told_is_a_reply_by_telephone_with_all_that_follows() -> None:
    scenario = logged().later(minutes=5)
    scenario.do(RecordCall(scenario.now.ref, "Any news?", told="A fix is being tried."))
    assert "to customer by telephone: A fix is being tried." in sentences(scenario)
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.MET
    assert scenario.now.owner == "ann"


def test_rule_06_a_call_ends_the_wait_on_the_customer() -> None:
    scenario = waiting_on("customer")
    scenario.do(RecordCall(scenario.now.ref, "Version 7."))
    assert scenario.now.waiting is None
    assert "reply with a question first" in scenario.later(minutes=1).refused(Wait(scenario.now.ref))


def test_rule_06_after_a_call_in_which_they_were_asked_the_ticket_may_wait_again() -> None:
    scenario = waiting_on("customer")
    scenario.do(RecordCall(scenario.now.ref, "Version 7.", told="And which printer?"))
    assert scenario.later(minutes=1).do(Wait(scenario.now.ref)).waiting is not None


def test_a_wait_on_somebody_else_goes_on_through_a_call() -> None:
    scenario = waiting_on("third party")
    assert scenario.do(RecordCall(scenario.now.ref, "Any news?")).waiting is not None


def test_a_call_about_a_resolved_ticket_does_not_reopen_it_and_says_so() -> None:
    scenario = resolved()
    scenario.do(RecordCall(scenario.now.ref, "It is back."))
    assert scenario.now.stage is Stage.RESOLVED
    assert sentences(scenario) == ["took a call from Jo Park (it stays resolved): It is back."]


def test_a_call_about_a_closed_ticket_is_refused_with_both_ways_on() -> None:
    scenario = resolved()
    scenario.do(Close(scenario.now.ref))
    refusal = scenario.refused(RecordCall(scenario.now.ref, "It is back."))
    assert "reopen it" in refusal
    assert "log a new request and link it" in refusal


@pytest.mark.parametrize("contact", ["stranger", "elsewhere"])
def test_only_the_customers_own_people_ring_about_their_ticket(contact: str) -> None:
    elsewhere = Contact("elsewhere", "globex", "Elsa Where")
    scenario = logged().with_records(contacts={**RECORDS.contacts, "elsewhere": elsewhere})
    assert "not a contact of that organisation" in scenario.refused(
        RecordCall(scenario.now.ref, "x", contact=contact)
    )


def test_a_call_without_words_is_refused() -> None:
    scenario = logged()
    assert "say what the customer said" in scenario.refused(RecordCall(scenario.now.ref, " ", told="Hello"))


def test_a_call_recorded_on_the_wrong_ticket_can_be_undone_and_what_the_customer_was_told_cannot() -> None:
    scenario = logged()
    scenario.do(RecordCall(scenario.now.ref, "Any news?"))
    scenario.do(Undo(scenario.now.ref))
    assert sentences(scenario) == ["undid the last action: called"]
    scenario.do(RecordCall(scenario.now.ref, "Any news?", told="Soon."))
    assert "already been told" in scenario.refused(Undo(scenario.now.ref))


def test_rule_03_an_article_that_is_sent_is_a_reply_and_is_linked() -> None:
    scenario = logged().later(minutes=5)
    scenario.do(SendArticle(scenario.now.ref, "KB-2", "Please try this."))
    assert "to customer: Please try this.\n\nKB-2: Exports" in sentences(scenario)
    assert scenario.now.articles == ("KB-2",)
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.MET


def test_an_article_can_be_told_by_telephone_and_sent_without_more_words() -> None:
    scenario = logged()
    scenario.do(SendArticle(scenario.now.ref, "KB-2", by="telephone"))
    assert "to customer by telephone: KB-2: Exports" in sentences(scenario)


def test_an_article_that_is_linked_already_can_be_sent_and_is_linked_once() -> None:
    scenario = logged()
    scenario.do(LinkArticle(scenario.now.ref, "KB-2"))
    assert scenario.do(SendArticle(scenario.now.ref, "KB-2")).articles == ("KB-2",)


def test_an_article_can_be_sent_to_somebody_whose_ticket_is_resolved() -> None:
    scenario = resolved()
    assert scenario.do(SendArticle(scenario.now.ref, "KB-2")).stage is Stage.RESOLVED


def test_an_article_that_is_not_there_cannot_be_sent() -> None:
    scenario = logged()
    assert "there is no article" in scenario.refused(SendArticle(scenario.now.ref, "KB-9"))
