"""Titles, sentences, summaries, topics and hashtags about a medium, from the words it carries.

Nothing looks at the pictures: texts name the subject that title and URL promise and surround it
with a neutral vocabulary, so that they read plausibly and follow from seed and medium alone.
"""

from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.words import name_words

_SUBJECT = "the recording"
_OPENINGS = (
    "The video opens with {subject}",
    "The recording begins with {subject}",
    "At first the camera settles on {subject}",
    "The opening moments introduce {subject}",
)
_MIDDLES = (
    "The view stays close to {subject} as the scene develops",
    "A steady shot follows {subject} from one side of the frame to the other",
    "{subject} remains at the centre while the light slowly changes",
    "The pace picks up and {subject} is seen from a different angle",
    "A short pause draws attention back to {subject}",
    "Details around {subject} become visible step by step",
    "Voices in the background comment on {subject} in a calm tone",
    "The camera moves back to show where {subject} belongs",
)
_CLOSINGS = (
    "The video ends on a quiet view of {subject}",
    "A last look at {subject} closes the recording",
    "The final seconds return to {subject} before the picture fades",
)
_TOPICS = (
    "Everyday life",
    "Documentary",
    "Presentation",
    "Demonstration",
    "Conversation",
    "Travel",
)
_TITLES = ("{subject}", "{subject}: a closer look", "A short look at {subject}", "Inside {subject}")
_TAGS = ("video", "shortfilm", "highlights", "moments", "watch", "behindthescenes", "clip")
_SPOKEN = (
    "Let us take a closer look at {subject}",
    "As you can see, {subject} is what this is about",
    "There is more to say about {subject} than it seems at first",
    "That is the part of {subject} I wanted to show you",
    "Now we come back to {subject}",
)


def subject(medium: Medium) -> str:
    """What the medium is about, as a few words: from its title, else from its name and URL."""
    told = name_words(medium.title)[:6] or medium.words[:4]
    return " ".join(told) or _SUBJECT


def title(medium: Medium, draw: Seeded) -> str:
    """A title without a full stop."""
    return _capital(draw.choice(_TITLES).format(subject=subject(medium)))


def sentence(medium: Medium, draw: Seeded) -> str:
    """One sentence about a moment of the medium."""
    return _sentence(draw.choice(_MIDDLES), medium)


def summary(medium: Medium, draw: Seeded, *, sentences: int = 4) -> str:
    """A paragraph of so many sentences, opening and closing included."""
    middle = draw.pick(_MIDDLES, max(0, sentences - 2))
    told = [draw.choice(_OPENINGS), *middle, draw.choice(_CLOSINGS)][: max(1, sentences)]
    return " ".join(_sentence(template, medium) for template in told)


def spoken(medium: Medium, draw: Seeded) -> str:
    """One sentence that somebody in the medium says."""
    return _sentence(draw.choice(_SPOKEN), medium)


def topics(medium: Medium, draw: Seeded, *, count: int = 3) -> list[str]:
    """Different topics, the medium's own subject first; fewer when there are not so many."""
    return [_capital(subject(medium)), *draw.pick(_TOPICS, max(0, count - 1))][:count]


def hashtags(medium: Medium, draw: Seeded, *, count: int = 5) -> list[str]:
    """Different hashtags with their `#`; fewer when there are not so many words."""
    told = subject(medium).split()
    joined = "".join(word.capitalize() for word in told)
    neutral = draw.pick(_TAGS, len(_TAGS))
    return [f"#{tag}" for tag in dict.fromkeys((joined, *told, *neutral))][:count]


def _sentence(template: str, medium: Medium) -> str:
    return _capital(template.format(subject=subject(medium))) + "."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
