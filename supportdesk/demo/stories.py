"""What the customers of the demonstration ask, and what is said while it is worked; read from `data/demo/`."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import msgspec

from supportdesk.resources import data_path


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One matter that customers ring about. Texts hold places such as `{number}` that each ticket fills for itself."""

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
    """All matters, and the phrases that fit any of them, by occasion."""

    stories: tuple[Story, ...]
    phrases: dict[str, tuple[str, ...]]

    def about(self, severity: str) -> list[Story]:
        """The matters of a severity."""
        return [story for story in self.stories if story.severity == severity]


@dataclass(frozen=True, slots=True)
class Telling:
    """One story as it is told in one ticket: the same number, amount, day and name all the way through."""

    story: Story
    phrases: dict[str, tuple[str, ...]]
    places: dict[str, str]
    random: Random

    def say(self, text: str) -> str:
        """A text with its places filled."""
        return text.format_map(self.places)

    def phrase(self, occasion: str) -> str:
        """One of the phrases for an occasion."""
        return self.say(self.random.choice(self.phrases[occasion]))


def load_stories() -> Stories:
    """The stories that ship with the program."""
    return msgspec.toml.decode(data_path("demo/stories.toml").read_bytes(), type=Stories)


def tell(stories: Stories, story: Story, name: str, random: Random) -> Telling:
    """A story, told to somebody called `name`."""
    places = {
        "name": name.split(maxsplit=1)[0],
        "number": str(random.randint(12, 480)),
        "amount": f"{random.choice((500, 2_000, 5_000, 10_000, 25_000)):,}",
        "day": random.choice(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")),
    }
    return Telling(story, stories.phrases, places, random)
