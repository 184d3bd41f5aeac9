"""The customer rings about a ticket, and articles go to them."""

import pytest

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import RecordCall, SendArticle
from supportdesk.tickets.process.resolution import LinkArticle, Reply, Resolve, Wait
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.ticket import Stage
from tests.tickets.scenario import RECORDS, Story, logged


def waiting_on(whom: str) -> Story:
    story = logged()
    story.do(Reply(story.now.ref, "Which version is it?"))
    story.later(minutes=5).do(Wait(story.now.ref, whom))
    return story.later(minutes=5)


def resolved() -> Story:
    story = logged()
    story.do(Resolve(story.now.ref, "Restarted"))
    return story.later(minutes=5)


def sentences(story: Story) -> list[str]:
    return [event.sentence() for event in story.events]


def test_a_call_about_a_ticket_stands_on_its_timeline_with_who_rang() -> None:
    story = logged()
    story.do(RecordCall(story.now.ref, "It happens at noon, too.", contact="kim"))
    assert sentences(story) == ["took a call from Kim Lo: It happens at noon, too."]
    story.do(RecordCall(story.now.ref, "Any news?"))
    assert sentences(story) == ["took a call from Jo Park: Any news?"]


def test_rule_03_a_call_from_the_customer_is_no_response_and_takes_nothing() -> None:
    story = logged().later(minutes=5)
    story.do(RecordCall(story.now.ref, "Any news?"))
    assert story.clock_status(ClockKind.RESPONSE).state is State.OK
    assert (story.now.stage, story.now.owner) == (Stage.TRIAGE, None)


def test_rule_03_what_the_caller_is_told_is_a_reply_by_telephone_with_all_that_follows() -> None:
    story = logged().later(minutes=5)
    story.do(RecordCall(story.now.ref, "Any news?", told="A fix is being tried."))
    assert "to customer by telephone: A fix is being tried." in sentences(story)
    assert story.clock_status(ClockKind.RESPONSE).state is State.MET
    assert story.now.owner == "ann"


def test_rule_06_a_call_ends_the_wait_on_the_customer() -> None:
    story = waiting_on("customer")
    story.do(RecordCall(story.now.ref, "Version 7."))
    assert story.now.waiting is None
    assert "reply with a question first" in story.later(minutes=1).refused(Wait(story.now.ref))


def test_rule_06_after_a_call_in_which_they_were_asked_the_ticket_may_wait_again() -> None:
    story = waiting_on("customer")
    story.do(RecordCall(story.now.ref, "Version 7.", told="And which printer?"))
    assert story.later(minutes=1).do(Wait(story.now.ref)).waiting is not None


def test_a_wait_on_somebody_else_goes_on_through_a_call() -> None:
    story = waiting_on("third party")
    assert story.do(RecordCall(story.now.ref, "Any news?")).waiting is not None


def test_a_call_about_a_resolved_ticket_does_not_reopen_it_and_says_so() -> None:
    story = resolved()
    story.do(RecordCall(story.now.ref, "It is back."))
    assert story.now.stage is Stage.RESOLVED
    assert sentences(story) == ["took a call from Jo Park (it stays resolved): It is back."]


def test_a_call_about_a_closed_ticket_is_refused_with_both_ways_on() -> None:
    story = resolved()
    story.do(Close(story.now.ref))
    refusal = story.refused(RecordCall(story.now.ref, "It is back."))
    assert "reopen it" in refusal
    assert "log a new request and link it" in refusal


@pytest.mark.parametrize("contact", ["stranger", "elsewhere"])
def test_only_the_customers_own_people_ring_about_their_ticket(contact: str) -> None:
    elsewhere = Contact("elsewhere", "globex", "Elsa Where")
    story = logged().with_records(contacts={**RECORDS.contacts, "elsewhere": elsewhere})
    assert "not a contact of that organisation" in story.refused(
        RecordCall(story.now.ref, "x", contact=contact)
    )


def test_a_call_without_words_is_refused() -> None:
    story = logged()
    assert "say what the customer said" in story.refused(RecordCall(story.now.ref, " ", told="Hello"))


def test_a_call_recorded_on_the_wrong_ticket_can_be_undone_and_what_the_customer_was_told_cannot() -> None:
    story = logged()
    story.do(RecordCall(story.now.ref, "Any news?"))
    story.do(Undo(story.now.ref))
    assert sentences(story) == ["undid: called"]
    story.do(RecordCall(story.now.ref, "Any news?", told="Soon."))
    assert "already been told" in story.refused(Undo(story.now.ref))


def test_rule_03_an_article_that_is_sent_is_a_reply_and_is_linked() -> None:
    story = logged().later(minutes=5)
    story.do(SendArticle(story.now.ref, "KB-2", "Please try this."))
    assert "to customer: Please try this.\n\nKB-2: Exports" in sentences(story)
    assert story.now.articles == ("KB-2",)
    assert story.clock_status(ClockKind.RESPONSE).state is State.MET


def test_an_article_can_be_told_by_telephone_and_sent_without_more_words() -> None:
    story = logged()
    story.do(SendArticle(story.now.ref, "KB-2", by="telephone"))
    assert "to customer by telephone: KB-2: Exports" in sentences(story)


def test_an_article_that_is_linked_already_can_be_sent_and_is_linked_once() -> None:
    story = logged()
    story.do(LinkArticle(story.now.ref, "KB-2"))
    assert story.do(SendArticle(story.now.ref, "KB-2")).articles == ("KB-2",)


def test_an_article_can_be_sent_to_somebody_whose_ticket_is_resolved() -> None:
    story = resolved()
    assert story.do(SendArticle(story.now.ref, "KB-2")).stage is Stage.RESOLVED


def test_an_article_that_is_not_there_cannot_be_sent() -> None:
    story = logged()
    assert "there is no article" in story.refused(SendArticle(story.now.ref, "KB-9"))
