"""Emotions as shares of one, and what follows from them: the dominant one, valence, arousal."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

FACE = ("angry", "contempt", "disgust", "fear", "happy", "neutral", "sad", "surprise")
VOICE = ("angry", "boredom", "disgust", "fear", "happy", "neutral", "sad", "surprise")
WORDS = (
    "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion",
    "curiosity", "desire", "disappointment", "disapproval", "disgust", "embarrassment",
    "excitement", "fear", "gratitude", "grief", "joy", "love", "nervousness", "neutral",
    "optimism", "pride", "realization", "relief", "remorse", "sadness", "surprise",
)  # fmt: skip

# Where an emotion lies: valence from -1 to 1, arousal from 0 to 1.
_VALENCE = {"angry": -0.6, "contempt": -0.5, "disgust": -0.7, "fear": -0.6, "happy": 0.9,
            "neutral": 0.0, "sad": -0.8, "surprise": 0.2, "boredom": -0.4}  # fmt: skip
_AROUSAL = {"angry": 0.9, "contempt": 0.5, "disgust": 0.6, "fear": 0.9, "happy": 0.7,
            "neutral": 0.3, "sad": 0.2, "surprise": 0.8, "boredom": 0.1}  # fmt: skip

Scores = tuple[float, ...]
"""One number for each emotion of a vocabulary, in its order."""


def drawn(names: Sequence[str], *identity: object, lean: int | None = None) -> Scores:
    """Scores that sum to one, with one or two emotions ahead of the rest.

    They follow from `identity` alone; with `lean` one emotion, by its place, is ahead as often
    as all others together. A digest is all the chance there is: a long video asks for thousands.
    """
    text = "\0".join(map(str, identity)).encode("utf-8", "surrogatepass")
    noise = blake2b(text, digest_size=64).digest()
    weights = [1 + noise[index % 59] / 40 for index in range(len(names))]
    ahead = lean if lean is not None and noise[59] < 128 else noise[60]
    weights[ahead % len(names)] += 40 + noise[61] / 4
    weights[noise[62] % len(names)] += noise[63] / 8
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def shown(names: Sequence[str], scores: Scores) -> dict[str, float]:
    """The scores by name."""
    return dict(zip(names, scores, strict=True))


def dominant(scores: Mapping[str, float]) -> str:
    """The emotion with the highest score, the first of several."""
    return max(scores, key=scores.__getitem__)


def mean(sums: Sequence[float], count: float) -> Scores:
    """The mean of `count` scores whose sum is given; nothing but zeros of none."""
    return tuple(each / count if count else 0.0 for each in sums)


def added(parts: Iterable[Scores], width: int) -> list[float]:
    """The sum of scores, emotion by emotion."""
    total = [0.0] * width
    for part in parts:
        for index, value in enumerate(part):
            total[index] += value
    return total


def valence(names: Sequence[str], scores: Scores) -> float:
    """How pleasant, from -1 to 1; linear, so that it lies within that of any parts."""
    return sum(_VALENCE[name] * score for name, score in zip(names, scores, strict=True))


def arousal(names: Sequence[str], scores: Scores) -> float:
    """How excited, from 0 to 1; linear as well."""
    return sum(_AROUSAL[name] * score for name, score in zip(names, scores, strict=True))


def intensity(names: Sequence[str], scores: Scores) -> float:
    """How much of it is not neutral, from 0 to 1; linear as well."""
    return sum(score for name, score in zip(names, scores, strict=True) if name != "neutral")
