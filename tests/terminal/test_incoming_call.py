"""A softphone rings at a console in a real terminal."""

from tests.terminal.conftest import Command, Console


def test_a_call_is_offered_over_a_form_and_answered_with_what_is_known_of_the_caller(
    console: Console, desk: Command
) -> None:
    desk("organisation", "add", "Zenith plc")
    desk("contact", "add", "Zoe Quill", "--organisation", "Zenith plc", "--telephone", "020 7946 0777")
    with console(width=80, height=24) as screen:
        screen.wait_for("CRITICAL")
        screen.press("i")
        screen.wait_for("Write an internal note")
        screen.type("half ")
        assert desk("call", "+44 (0)20 7946 0777") == "Shown in your console.\n"
        screen.wait_for("+44 20 7946 0777  Zoe Quill, Zenith plc", "F4 answer")
        screen.type("a note")
        screen.wait_for("half a note")
        screen.press("F4")
        screen.wait_for("Caller", "Zoe Quill")
        screen.press("Escape")
        screen.wait_for("half a note", without="F4 answer")
        screen.press("Escape")
        screen.wait_for("CRITICAL")
        screen.press("q")
        screen.wait_for_end()
    assert "start one with `supportdesk`" in desk("call", "020 7946 0777", check=False)
