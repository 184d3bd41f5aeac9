"""The requests of the demo's customers and the texts of their tickets, from `data/demo/`."""

from __future__ import annotations

from random import Random

import msgspec

from supportdesk.resources import data_path


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of request. Texts contain placeholders such as `{number}` that each ticket fills."""

    severity: str
    summary: str
    description: str
    question: str
    finding: str
    progress: str
    solution: str
    upward: str
    workaround: str = ""
    article: str = ""


class Stories(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All stories, and phrases for any of them by occasion."""

    stories: tuple[Story, ...]
    phrases: dict[str, tuple[str, ...]]

    def about(self, severity: str) -> list[Story]:
        """Return the stories of a severity."""
        return [story for story in self.stories if story.severity == severity]


class FilledStory(msgspec.Struct, frozen=True):
    """A story with the values of one ticket: the same number, amount, day and name throughout."""

    story: Story
    phrases: dict[str, tuple[str, ...]]
    places: dict[str, str]
    random: Random

    def say(self, text: str) -> str:
        """Return a text with its placeholders filled."""
        return text.format_map(self.places)

    def phrase(self, occasion: str) -> str:
        """Return a random phrase for an occasion."""
        return self.say(self.random.choice(self.phrases[occasion]))


def load_stories() -> Stories:
    """Load the stories that ship with the program."""
    return msgspec.toml.decode(data_path("demo/stories.toml").read_bytes(), type=Stories)


def fill_story(stories: Stories, story: Story, name: str, random: Random) -> FilledStory:
    """Return a story for a contact called `name`, with random values."""
    places = {
        "name": name.split(maxsplit=1)[0],
        "number": str(random.randint(12, 480)),
        "amount": f"{random.choice((500, 2_000, 5_000, 10_000, 25_000)):,}",
        "day": random.choice(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")),
    }
    return FilledStory(story, stories.phrases, places, random)
