"""Who has the ticket."""

from supportdesk.tickets.process.assignment import Assign, Claim, HandBack, HandOver
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.ticket import Stage
from tests.tickets.scenario import logged


def test_the_first_to_claim_has_it() -> None:
    scenario = logged()
    ticket = scenario.do(Claim(scenario.now.ref))
    assert (ticket.owner, ticket.accepted, ticket.stage) == ("ann", True, Stage.RESOLUTION)


def test_the_second_to_claim_is_shown_who_took_it_and_when() -> None:
    scenario = logged()
    scenario.do(Claim(scenario.now.ref))
    reason = scenario.later(seconds=1).refused(Claim(scenario.now.ref), by="sam")
    assert reason.startswith("Ann claimed it 1 s ago")


def test_claiming_ones_own_is_refused() -> None:
    scenario = logged()
    scenario.do(Claim(scenario.now.ref))
    assert "already own it" in scenario.refused(Claim(scenario.now.ref))


def test_claiming_acknowledges_the_paged_the_person_who_claims() -> None:
    scenario = logged("critical")
    assert not scenario.do(Claim(scenario.now.ref), by="dora").page_open


def test_an_assigned_owner_has_yet_to_accept_and_does_so_by_working() -> None:
    scenario = logged()
    offered = scenario.do(Assign(scenario.now.ref, owner="sam"), by="sue")
    assert (offered.owner, offered.accepted, offered.stage) == ("sam", False, Stage.ASSIGNMENT)
    accepted = scenario.do(Reply(offered.ref, "On it."), by="sam")
    assert (accepted.owner, accepted.accepted, accepted.stage) == ("sam", True, Stage.RESOLUTION)


def test_one_that_was_offered_but_not_accepted_may_be_taken_by_another() -> None:
    scenario = logged()
    scenario.do(Assign(scenario.now.ref, owner="sam"), by="sue")
    assert scenario.do(Claim(scenario.now.ref), by="ann").owner == "ann"


def test_a_colleagues_reply_does_not_take_the_ticket_from_its_owner() -> None:
    scenario = logged()
    scenario.do(Claim(scenario.now.ref))
    assert scenario.do(Reply(scenario.now.ref, "Ann is at lunch."), by="sam").owner == "ann"


def test_assigning_to_a_person_uses_their_team_unless_another_is_named() -> None:
    scenario = logged()
    assert scenario.do(Assign(scenario.now.ref, owner="priya")).team == "technical-support"
    assert scenario.do(Assign(scenario.now.ref, owner="dev", team="user-support")).team == "user-support"


def test_assigning_to_a_team_leaves_it_without_an_owner() -> None:
    scenario = logged()
    ticket = scenario.do(Assign(scenario.now.ref, team="development"))
    assert (ticket.team, ticket.owner) == ("development", None)


def test_only_the_owner_or_a_supervisor_may_give_an_accepted_ticket_away() -> None:
    scenario = logged()
    scenario.do(Claim(scenario.now.ref))
    assert "Ann claimed it" in scenario.refused(Assign(scenario.now.ref, owner="sam"), by="priya")
    assert scenario.do(Assign(scenario.now.ref, owner="sam"), by="sue").owner == "sam"


def test_assigning_to_nobody_to_a_stranger_or_to_no_team_is_refused() -> None:
    scenario = logged()
    assert "say who gets it" in scenario.refused(Assign(scenario.now.ref))
    assert "not on the staff" in scenario.refused(Assign(scenario.now.ref, owner="stranger"))
    assert "no team" in scenario.refused(Assign(scenario.now.ref, team="night-watch"))


def test_assigning_as_it_is_already_is_refused() -> None:
    scenario = logged()
    scenario.do(Assign(scenario.now.ref, owner="sam"))
    assert "already" in scenario.refused(Assign(scenario.now.ref, owner="sam"))


def test_handing_back_leaves_the_ticket_with_its_team_and_the_reason_on_the_timeline() -> None:
    scenario = logged()
    scenario.do(Claim(scenario.now.ref))
    ticket = scenario.do(HandBack(scenario.now.ref, "off sick"))
    assert (ticket.owner, ticket.team, ticket.stage) == (None, "user-support", Stage.ASSIGNMENT)
    assert "off sick" in scenario.events[-1].sentence()


def test_handing_back_what_is_another_persons_or_nobodys_is_refused() -> None:
    scenario = logged()
    assert "it is unassigned" in scenario.refused(HandBack(scenario.now.ref, "why"))
    scenario.do(Claim(scenario.now.ref))
    assert "only they or a supervisor (" in scenario.refused(HandBack(scenario.now.ref, "why"), by="sam")
    assert "say why" in scenario.refused(HandBack(scenario.now.ref, " "))


def test_a_handover_offers_the_ticket_to_a_colleague_and_keeps_the_note() -> None:
    scenario = logged()
    scenario.do(Claim(scenario.now.ref))
    ticket = scenario.do(HandOver(scenario.now.ref, "sam", "The log is with the bank; ring at 9."))
    assert (ticket.owner, ticket.accepted, ticket.stage) == ("sam", False, Stage.ASSIGNMENT)
    assert scenario.events[-1].sentence() == "handed it over to Sam: The log is with the bank; ring at 9."


def test_a_critical_that_is_handed_over_pages_the_new_owner_until_they_accept() -> None:
    scenario = logged("critical")
    handed = scenario.do(HandOver(scenario.now.ref, "dora", "Rolling back."), by="priya")
    assert (handed.page and handed.page.person, handed.page_open) == ("dora", True)
    assert not scenario.do(Claim(scenario.now.ref), by="dora").page_open


def test_rule_17_an_outsiders_handover_pages_the_new_owner_beside_the_person_who_is_paged() -> None:
    scenario = logged("critical")
    handed = scenario.do(HandOver(scenario.now.ref, "priya", "They rang again."), by="ann")
    assert [event.sentence() for event in scenario.events] == [
        "acknowledged the request",
        "handed it over to Priya: They rang again.",
        "paged Priya on +44 20 7946 0005: Critical handed over by Ann",
    ]
    assert [page.person for page in handed.open_pages] == ["dora", "priya"]
    again = scenario.do(HandOver(scenario.now.ref, "dora", "Back to you."), by="ann")
    assert again.open_pages == handed.open_pages


def test_rule_17_the_person_who_is_paged_and_hands_over_passes_the_page_on() -> None:
    scenario = logged("critical")
    handed = scenario.do(HandOver(scenario.now.ref, "priya", "I have no access."), by="dora")
    assert (handed.page and handed.page.person, handed.page_open) == ("priya", True)


def test_a_high_that_is_handed_over_pages_nobody() -> None:
    scenario = logged()
    assert scenario.do(HandOver(scenario.now.ref, "sam", "Yours.")).page is None


def test_only_the_owner_or_a_supervisor_may_hand_an_accepted_ticket_over() -> None:
    scenario = logged()
    scenario.do(Claim(scenario.now.ref))
    assert "Ann claimed it" in scenario.refused(HandOver(scenario.now.ref, "priya", "x"), by="sam")
    assert scenario.do(HandOver(scenario.now.ref, "sam", "x"), by="sue").owner == "sam"


def test_a_handover_without_a_note_to_oneself_to_its_owner_or_to_a_stranger_is_refused() -> None:
    scenario = logged()
    scenario.do(Claim(scenario.now.ref))
    assert "say where it stands" in scenario.refused(HandOver(scenario.now.ref, "sam", " "))
    assert "to yourself" in scenario.refused(HandOver(scenario.now.ref, "ann", "x"))
    assert "Ann already owns it" in scenario.refused(HandOver(scenario.now.ref, "ann", "x"), by="sue")
    assert "not on the staff" in scenario.refused(HandOver(scenario.now.ref, "stranger", "x"))


def test_an_assignment_to_oneself_is_a_claim() -> None:
    scenario = logged()
    ticket = scenario.do(Assign(scenario.now.ref, owner="ann", note="I know it."))
    assert (ticket.owner, ticket.accepted) == ("ann", True)
    assert [event.sentence() for event in scenario.events] == [
        "acknowledged the request",
        "claimed it",
        "note: I know it.",
    ]
    assert scenario.refused(Assign(scenario.now.ref, owner="ann")).startswith("you already own it")
