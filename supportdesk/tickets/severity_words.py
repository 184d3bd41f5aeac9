"""The severity of a request about which nobody can be asked, such as one by mail: by the words of the policy."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from supportdesk.sla.policy import Policy
from supportdesk.tickets.folding import spaced


class WordedSeverity(Struct, frozen=True):
    """The key of a severity, and the words of the policy that led to it; empty where none was found."""

    key: str
    words: str = ""


def find_severity(policy: Policy, channel: str, texts: Iterable[str]) -> WordedSeverity:
    """Return the severity of a request on a channel, given by key: by words in `texts`, or else that of the channel.

    Of several severities whose words are there, it is the most severe. A channel without a severity has the most severe
    of those that the policy asks for on it; without any, the least severe. Case, accents and punctuation do not count.
    """
    texts = [f" {spaced(text)} " for text in texts]
    asked = policy.channel(channel)
    for severity in policy.severities:
        for words in (asked.severity_words or {}).get(severity.key, ()):
            if any(f" {spaced(words)} " in text for text in texts):
                return WordedSeverity(severity.key, words)
    usual = (each.key for each in policy.severities if channel in each.channels)
    return WordedSeverity(asked.severity or next(usual, policy.severities[-1].key))
