"""Documents: a PDF has pages and quarters of them, a text has pieces of whole sentences."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.text import spoken
from understudy.mocks.generate.tokens import count
from understudy.mocks.kind import mapping, text, texts
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.vectors.piece import Wishes
from understudy.mocks.providers.twelvelabs.vectors.source import MEGABYTE, Source, is_pdf
from understudy.mocks.providers.twelvelabs.vectors.tally import PAGE

QUADRANTS = ("top_left", "top_right", "bottom_left", "bottom_right")
PAIRS = frozenset({("visual", "local"), ("visual", "asset"), ("text", "asset")})
"""What can be made of a PDF; of a text it is its words, in pieces or whole."""

_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
_MOST_SENTENCES = 2000
_MOST_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Document:
    """A document and what of it is embedded, in plain values.

    A text is known by its sentences, a PDF by the number of its pages. `size` and `overlap` are
    the sentences of a piece, and how many of them it shares with the one before.
    """

    pages: int
    sentences: tuple[str, ...]
    options: tuple[str, ...]
    scopes: tuple[str, ...]
    quarters: bool = False
    size: int = 0
    overlap: int = 0

    def kept(self) -> dict[str, Json]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def known(cls, kept: Mapping[str, Json]) -> "Document":
        """What `kept` put away."""
        lists = {name: texts(kept[name]) for name in ("sentences", "options", "scopes")}
        return cls(**cast("dict[str, int]", {**kept, **lists}))  # type: ignore[arg-type]

    @property
    def looks(self) -> int:
        """How often a page is looked at: once, or for its quarters as well."""
        return self.pages * (1 + len(QUADRANTS)) if self.quarters else self.pages

    @property
    def tokens(self) -> int:
        """How many tokens the document has."""
        return self.looks * PAGE or count(" ".join(self.sentences))

    def chunks(self) -> list[str]:
        """The pieces of a text, in order."""
        step = self.size - self.overlap
        starts = range(0, max(1, len(self.sentences) - self.overlap), step)
        return [" ".join(self.sentences[start : start + self.size]) for start in starts]


def pages_of(source: Source) -> int:
    """The pages of a PDF: those in its bytes, else a few that its identity tells."""
    if source.content:
        return max(1, len(_PAGE.findall(source.content)))
    return Seeded(source.medium.identity, "pages").integer(1, 12)


def sentences_of(source: Source) -> tuple[str, ...]:
    """The sentences of a text: those in its bytes, else some about what its name promises."""
    if source.content:
        content = source.content[:_MOST_CHARACTERS].decode("utf-8", "replace")
        found = (sentence.strip() for sentence in _SENTENCE.split(content))
        return tuple(sentence for sentence in found if sentence)[:_MOST_SENTENCES]
    draw = Seeded(source.medium.identity, "sentences")
    number = draw.integer(6, 40)
    return tuple(spoken(source.medium, draw.child(place)) for place in range(number))


def document_of(said: Mapping[str, Json], source: Source, wishes: Wishes) -> Document:
    """What the object `document` of a request says; refused where it does not fit the file."""
    pdf = is_pdf(source.medium)
    options = texts(said.get("embedding_option")) or (("visual",) if pdf else ("text",))
    scopes = texts(said.get("embedding_scope")) or (("local",) if pdf else ("asset",))
    if "fused_embedding" in texts(said.get("embedding_type")):
        message = "document.embedding_type has 'fused_embedding', but documents have one modality"
        raise refuse("parameter_invalid", message)
    if wishes.uncertainty and (pdf or scopes != ("local",)):
        wanted = "no PDF" if pdf else "document.embedding_scope to be ['local']"
        raise refuse("parameter_invalid", f"embedding_uncertainty needs {wanted}")
    for option, scope in ((option, scope) for option in options for scope in scopes):
        if (option, scope) not in PAIRS if pdf else option != "text":
            noun = "a PDF" if pdf else "a text"
            message = f"document: {noun} has no vectors of {option!r} with the scope {scope!r}"
            raise refuse("parameter_invalid", message)
    given = mapping(said.get("segmentation"))
    spatial, sequential = given.get("spatial"), mapping(given.get("sequential"))
    _check_form(given, pdf=pdf, options=options, scopes=scopes)
    sentences = () if pdf else sentences_of(source)
    if not pdf and not sentences:
        raise refuse("parameter_invalid", "document.media_source has no words to embed")
    return Document(
        pages=pages_of(source) if pdf else 0,
        sentences=sentences,
        options=options,
        scopes=scopes,
        quarters=text(mapping(spatial).get("strategy")) == "quadrants",
        size=(size := min(_MOST_SENTENCES, int(cast(int, sequential.get("max_sentences", 1))))),
        overlap=min(size - 1, int(cast(int, sequential.get("overlap_sentences", 0)))),
    )


def allowance(medium: Medium, pages_per_megabyte: int) -> int:
    """How many pages a PDF of that size may have; a megabyte that is begun counts whole."""
    return pages_per_megabyte * max(1, -(-medium.size // MEGABYTE))


def document_pieces(wishes: Wishes, medium: Medium, document: Document) -> list[Json]:
    """The vectors of a document: for each option what is local, then the whole."""
    space = wishes.space
    shown: list[Json] = []
    for option in document.options:
        if "local" in document.scopes and document.sentences:
            for place, chunk in enumerate(document.chunks()):
                shown.append(_placed(wishes, space.text(chunk), option, "chunk", chunk=place))
        elif "local" in document.scopes:
            shown += _pages(wishes, medium, document)
        if "asset" in document.scopes:
            words = " ".join(document.sentences)
            vector = space.text(words) if words else space.segment(medium, option)
            shown.append(_placed(wishes, vector, option, "asset"))
    return shown


def _pages(wishes: Wishes, medium: Medium, document: Document) -> list[Json]:
    shown: list[Json] = []
    for page in range(1, document.pages + 1):
        for quadrant in (None, *QUADRANTS) if document.quarters else (None,):
            vector = wishes.space.segment(medium, "page", page, quadrant)
            shown.append(_placed(wishes, vector, "visual", "page", page=page, quadrant=quadrant))
    return shown


def _placed(
    wishes: Wishes,
    vector: Sequence[float],
    option: str,
    scope: str,
    *,
    page: int | None = None,
    quadrant: str | None = None,
    chunk: int | None = None,
) -> Json:
    shown = wishes.piece(vector, option, scope)
    shown["start_page_number"] = shown["end_page_number"] = page
    return {**shown, "quadrant": quadrant, "chunk_index": chunk}


def _check_form(
    given: Mapping[str, Json], *, pdf: bool, options: tuple[str, ...], scopes: tuple[str, ...]
) -> None:
    """Refuses a segmentation for the other kind of document, or for what is not asked for."""
    for name, fits, option in (("spatial", pdf, "visual"), ("sequential", not pdf, "text")):
        if name not in given:
            continue
        where = f"document.segmentation.{name}"
        if not fits:
            raise refuse("parameter_invalid", f"{where} is for {'a text' if pdf else 'a PDF'}")
        if option not in options or "local" not in scopes:
            message = f"{where} needs the option {option!r} and the scope 'local'"
            raise refuse("parameter_invalid", message)
    sequential = mapping(given.get("sequential"))
    if given and not {"spatial", "sequential"} & set(given):
        raise refuse("parameter_invalid", "document.segmentation needs spatial or sequential")
    if not pdf and "local" in scopes and not sequential:
        message = "document.embedding_scope 'local' of a text needs segmentation.sequential"
        raise refuse("parameter_invalid", message)
    overlap, size = sequential.get("overlap_sentences", 0), sequential.get("max_sentences", 1)
    if cast(int, overlap) >= cast(int, size):
        message = f"overlap_sentences is {overlap}, expected less than max_sentences, {size}"
        raise refuse("parameter_invalid", message)
