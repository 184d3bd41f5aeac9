"""Who has the ticket."""

from supportdesk.tickets.process.assignment import Assign, Claim, HandBack, HandOver
from supportdesk.tickets.process.resolution import Reply
from supportdesk.tickets.ticket import Stage
from tests.tickets.scenario import logged


def test_the_first_to_claim_has_it() -> None:
    story = logged()
    ticket = story.do(Claim(story.now.ref))
    assert (ticket.owner, ticket.accepted, ticket.stage) == ("ann", True, Stage.RESOLUTION)


def test_the_second_to_claim_is_shown_who_took_it_and_when() -> None:
    story = logged()
    story.do(Claim(story.now.ref))
    reason = story.later(seconds=1).refused(Claim(story.now.ref), by="sam")
    assert reason.startswith("Ann took it 1 s ago")


def test_claiming_ones_own_is_refused() -> None:
    story = logged()
    story.do(Claim(story.now.ref))
    assert "already own it" in story.refused(Claim(story.now.ref))


def test_claiming_acknowledges_the_paged_the_person_who_claims() -> None:
    story = logged("critical")
    assert not story.do(Claim(story.now.ref), by="dora").page_open


def test_an_assigned_owner_has_yet_to_accept_and_does_so_by_working() -> None:
    story = logged()
    offered = story.do(Assign(story.now.ref, owner="sam"), by="sue")
    assert (offered.owner, offered.accepted, offered.stage) == ("sam", False, Stage.ASSIGNMENT)
    accepted = story.do(Reply(offered.ref, "On it."), by="sam")
    assert (accepted.owner, accepted.accepted, accepted.stage) == ("sam", True, Stage.RESOLUTION)


def test_one_that_was_offered_but_not_accepted_may_be_taken_by_another() -> None:
    story = logged()
    story.do(Assign(story.now.ref, owner="sam"), by="sue")
    assert story.do(Claim(story.now.ref), by="ann").owner == "ann"


def test_a_colleagues_reply_does_not_take_the_ticket_from_its_owner() -> None:
    story = logged()
    story.do(Claim(story.now.ref))
    assert story.do(Reply(story.now.ref, "Ann is at lunch."), by="sam").owner == "ann"


def test_assigning_to_a_person_uses_their_team_unless_another_is_named() -> None:
    story = logged()
    assert story.do(Assign(story.now.ref, owner="priya")).team == "technical-support"
    assert story.do(Assign(story.now.ref, owner="dev", team="user-support")).team == "user-support"


def test_assigning_to_a_team_leaves_it_without_an_owner() -> None:
    story = logged()
    ticket = story.do(Assign(story.now.ref, team="development"))
    assert (ticket.team, ticket.owner) == ("development", None)


def test_only_the_owner_or_a_supervisor_may_give_an_accepted_ticket_away() -> None:
    story = logged()
    story.do(Claim(story.now.ref))
    assert "Ann took it" in story.refused(Assign(story.now.ref, owner="sam"), by="priya")
    assert story.do(Assign(story.now.ref, owner="sam"), by="sue").owner == "sam"


def test_assigning_to_nobody_to_a_stranger_or_to_no_team_is_refused() -> None:
    story = logged()
    assert "say who gets it" in story.refused(Assign(story.now.ref))
    assert "not on the staff" in story.refused(Assign(story.now.ref, owner="stranger"))
    assert "no team" in story.refused(Assign(story.now.ref, team="night-watch"))


def test_assigning_as_it_is_already_is_refused() -> None:
    story = logged()
    story.do(Assign(story.now.ref, owner="sam"))
    assert "already" in story.refused(Assign(story.now.ref, owner="sam"))


def test_handing_back_leaves_the_ticket_with_its_team_and_the_reason_on_the_timeline() -> None:
    story = logged()
    story.do(Claim(story.now.ref))
    ticket = story.do(HandBack(story.now.ref, "off sick"))
    assert (ticket.owner, ticket.team, ticket.stage) == (None, "user-support", Stage.ASSIGNMENT)
    assert "off sick" in story.events[-1].sentence()


def test_handing_back_what_is_another_persons_or_nobodys_is_refused() -> None:
    story = logged()
    assert "it is unassigned" in story.refused(HandBack(story.now.ref, "why"))
    story.do(Claim(story.now.ref))
    assert "only they or a supervisor (" in story.refused(HandBack(story.now.ref, "why"), by="sam")
    assert "say why" in story.refused(HandBack(story.now.ref, " "))


def test_a_handover_offers_the_ticket_to_a_colleague_and_keeps_the_note() -> None:
    story = logged()
    story.do(Claim(story.now.ref))
    ticket = story.do(HandOver(story.now.ref, "sam", "The log is with the bank; ring at 9."))
    assert (ticket.owner, ticket.accepted, ticket.stage) == ("sam", False, Stage.ASSIGNMENT)
    assert story.events[-1].sentence() == "handed it over to Sam: The log is with the bank; ring at 9."


def test_a_critical_that_is_handed_over_pages_the_new_owner_until_they_accept() -> None:
    story = logged("critical")
    handed = story.do(HandOver(story.now.ref, "dora", "Rolling back."), by="priya")
    assert (handed.page and handed.page.person, handed.page_open) == ("dora", True)
    assert not story.do(Claim(story.now.ref), by="dora").page_open


def test_rule_17_an_outsiders_handover_pages_the_new_owner_beside_whoever_is_paged() -> None:
    story = logged("critical")
    handed = story.do(HandOver(story.now.ref, "priya", "They rang again."), by="ann")
    assert [event.sentence() for event in story.events] == [
        "acknowledged the request",
        "handed it over to Priya: They rang again.",
        "paged Priya on +44 20 7946 0005: Critical handed over by Ann",
    ]
    assert [page.person for page in handed.open_pages] == ["dora", "priya"]
    again = story.do(HandOver(story.now.ref, "dora", "Back to you."), by="ann")
    assert again.open_pages == handed.open_pages


def test_rule_17_whoever_is_paged_and_hands_over_passes_the_page_on() -> None:
    story = logged("critical")
    handed = story.do(HandOver(story.now.ref, "priya", "I have no access."), by="dora")
    assert (handed.page and handed.page.person, handed.page_open) == ("priya", True)


def test_a_high_that_is_handed_over_pages_nobody() -> None:
    story = logged()
    assert story.do(HandOver(story.now.ref, "sam", "Yours.")).page is None


def test_only_the_owner_or_a_supervisor_may_hand_an_accepted_ticket_over() -> None:
    story = logged()
    story.do(Claim(story.now.ref))
    assert "Ann took it" in story.refused(HandOver(story.now.ref, "priya", "x"), by="sam")
    assert story.do(HandOver(story.now.ref, "sam", "x"), by="sue").owner == "sam"


def test_a_handover_without_a_note_to_oneself_to_its_owner_or_to_a_stranger_is_refused() -> None:
    story = logged()
    story.do(Claim(story.now.ref))
    assert "say where it stands" in story.refused(HandOver(story.now.ref, "sam", " "))
    assert "to yourself" in story.refused(HandOver(story.now.ref, "ann", "x"))
    assert "Ann already owns it" in story.refused(HandOver(story.now.ref, "ann", "x"), by="sue")
    assert "not on the staff" in story.refused(HandOver(story.now.ref, "stranger", "x"))
