"""Laws of documents in embedding tasks: pages, quarters, pieces of text, and what goes together."""

from typing import Any

import httpx2
import pytest
from embed_stage import TASKS, asked, at, cosine, embedded, inline, many, refused
from hypothesis import given
from hypothesis import strategies as st
from stage import LONG, client_of

from understudy.mocks import Fake

PDF = at("https://media.example/timetable.pdf")
TEXT = at("https://media.example/logbook.md")
QUADRANTS = [None, "top_left", "top_right", "bottom_left", "bottom_right"]


def pages(count: int) -> dict[str, str]:
    """A PDF of so many pages, its bytes along with it."""
    return inline(b"%PDF-1.7\n<< /Type /Pages >>\n" + b"<< /Type /Page /A 1 >>\n" * count)


def document(medium: dict[str, str], **said: Any) -> dict[str, Any]:
    """A request for the vectors of a document."""
    return asked("document", "marengo3.5", media_source=medium, **said)


def sentences(most: int, overlap: int | None = None) -> dict[str, Any]:
    """A segmentation into pieces of so many sentences."""
    more = {} if overlap is None else {"overlap_sentences": overlap}
    return {"sequential": {"strategy": "sentence", "max_sentences": most, **more}}


def begun(api: httpx2.Client, body: dict[str, Any]) -> str:
    """The id of a new task."""
    response = api.post(TASKS, json=body)
    assert response.status_code == 202, response.text
    return str(response.json()["_id"])


def done(fake: Fake, api: httpx2.Client, body: dict[str, Any]) -> dict[str, Any]:
    """The task once it has ended."""
    task = begun(api, body)
    fake.clock.advance(LONG)
    return dict(api.get(f"{TASKS}/{task}").json())


def test_pdf__a_vector_for_each_page(fake: Fake, api: httpx2.Client) -> None:
    """The default: pages as they look, counted from one, without times."""
    ended = done(fake, api, document(pages(3)))
    assert [piece["start_page_number"] for piece in ended["data"]] == [1, 2, 3]
    for piece in ended["data"]:
        assert piece["end_page_number"] == piece["start_page_number"]
        assert (piece["embedding_option"], piece["embedding_scope"]) == ("visual", "page")
        assert piece["start_sec"] is piece["end_sec"] is piece["quadrant"] is None
        assert piece["chunk_index"] is None
    assert ended["metadata"]["embedding_options"] == ["visual"]
    assert ended["metadata"]["embedding_scopes"] == ["local"]
    assert set(ended["usage"]["input_tokens"]) == {"document"}


def test_pdf__quadrants_are_five_to_a_page(fake: Fake, api: httpx2.Client) -> None:
    """Trap: same scope and pages, told apart by the quadrant only; five times the tokens."""
    plain = done(fake, api, document(pages(2)))
    ended = done(fake, api, document(pages(2), segmentation={"spatial": {"strategy": "quadrants"}}))
    found = [(piece["start_page_number"], piece["quadrant"]) for piece in ended["data"]]
    assert found == [(page, quadrant) for page in (1, 2) for quadrant in QUADRANTS]
    assert {piece["embedding_scope"] for piece in ended["data"]} == {"page"}
    tokens = [each["usage"]["input_tokens"]["document"] for each in (plain, ended)]
    assert tokens[1] == 5 * tokens[0]


def test_pdf__whole_by_looks_or_words(fake: Fake, api: httpx2.Client) -> None:
    """Both scopes of what it looks like; of its words the whole."""
    ended = done(fake, api, document(pages(2), embedding_scope=["local", "asset"]))
    assert [piece["embedding_scope"] for piece in ended["data"]] == ["page", "page", "asset"]
    body = document(PDF, embedding_option=["visual", "text"], embedding_scope=["asset"])
    both = done(fake, api, body)["data"]
    assert [piece["embedding_option"] for piece in both] == ["visual", "text"]


def test_pdf__too_many_pages_fail_later(fake: Fake, api: httpx2.Client) -> None:
    """Trap: 64 pages for a megabyte begun; beyond, the task is made and fails, with both numbers.

    Quarters count five times.
    """
    quarters = {"spatial": {"strategy": "quadrants"}}
    assert done(fake, api, document(pages(64)))["status"] == "ready"
    assert done(fake, api, document(pages(12), segmentation=quarters))["status"] == "ready"
    for body in (document(pages(65)), document(pages(13), segmentation=quarters)):
        ended = done(fake, api, body)
        assert ended["status"] == "failed"
        assert "64" in ended["error"]["message"]
    assert "13 pages" in ended["error"]["message"]


def test_text__whole_by_default(fake: Fake, api: httpx2.Client) -> None:
    """One vector, that of its words."""
    words = "The ferry leaves at noon. It is late."
    (piece,) = done(fake, api, document(inline(words.encode())))["data"]
    assert (piece["embedding_option"], piece["embedding_scope"]) == ("text", "asset")
    said = embedded(api, many(words=words))["data"][0]["embedding"]
    assert cosine(piece["embedding"], said) == pytest.approx(1)


@given(count=st.integers(1, 30), most=st.integers(1, 8), share=st.floats(0, 0.99))
def test_text__pieces_of_whole_sentences(count: int, most: int, share: float) -> None:
    """Every sentence is in a piece, in order; each piece repeats the end of the one before."""
    overlap = int(most * share)
    told = [f"Sentence number {place}." for place in range(count)]
    body = document(
        inline(" ".join(told).encode()),
        embedding_scope=["local"],
        segmentation=sentences(most, overlap),
    )
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk_test") as api:
        data = done(fake, api, body)["data"]
        step = most - overlap
        starts = range(0, max(1, count - overlap), step)
        expected = [" ".join(told[start : start + most]) for start in starts]
        assert [piece["chunk_index"] for piece in data] == list(range(len(expected)))
        assert {piece["embedding_scope"] for piece in data} == {"chunk"}
        assert starts[-1] + most >= count
        for piece, words in list(zip(data, expected, strict=True))[:3]:
            alone = embedded(api, many(words=words))["data"][0]
            assert cosine(piece["embedding"], alone["embedding"]) == pytest.approx(1)


def test_text__that_was_not_read(fake: Fake, api: httpx2.Client) -> None:
    """Behind an address are some sentences about what its name promises, always the same."""
    body = document(TEXT, embedding_scope=["local"], segmentation=sentences(4))
    one, two = done(fake, api, body), done(fake, api, body)
    assert one["data"] == two["data"]
    assert len(one["data"]) > 1
    assert set(one["usage"]["input_tokens"]) == {"text"}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (document(PDF, embedding_option=["text"]), "'local'"),
        (document(PDF, embedding_option=["text"], embedding_scope=["local", "asset"]), "'local'"),
        (document(TEXT, embedding_option=["visual"]), "'visual'"),
        (document(TEXT, embedding_scope=["local"]), "sequential"),
        (document(TEXT, embedding_scope=["asset"], segmentation=sentences(3)), "'local'"),
        (document(PDF, segmentation=sentences(3)), "for a text"),
        (document(TEXT, segmentation={"spatial": {}}), "for a PDF"),
        (
            document(PDF, embedding_scope=["asset"], segmentation={"spatial": {}}),
            "'local'",
        ),
        (document(PDF, segmentation={}), "segmentation"),
        (document(PDF, segmentation={"temporal": {}}), "spatial or sequential"),
        (
            document(TEXT, embedding_scope=["local"], segmentation=sentences(3, 3)),
            "less than max_sentences",
        ),
        (document(PDF, embedding_type=["fused_embedding"]), "one modality"),
        ({**document(PDF), "embedding_uncertainty": True}, "no PDF"),
        ({**document(TEXT), "embedding_uncertainty": True}, "['local']"),
        (document(inline(b" \n")), "no words"),
        (document(at("https://media.example/ferry.mp4")), "video"),
    ],
)
def test_rules__refused_and_nothing_begun(
    api: httpx2.Client, body: dict[str, Any], told: str
) -> None:
    """Pairs that the table does not have, and forms for the other kind of file."""
    assert told in refused(api.post(TASKS, json=body))
    assert api.get(TASKS).json()["data"] == []


def test_uncertainty__of_pieces_of_text(fake: Fake, api: httpx2.Client) -> None:
    """The one form of a document that has it."""
    body = document(TEXT, embedding_scope=["local"], segmentation=sentences(5))
    ended = done(fake, api, {**body, "embedding_uncertainty": True})
    assert all(len(piece["embedding_uncertainty"]) == 512 for piece in ended["data"])


def test_huge_numbers__are_taken_as_all(fake: Fake, api: httpx2.Client) -> None:
    """A number of sentences beyond any file makes one piece."""
    body = document(TEXT, embedding_scope=["local"], segmentation=sentences(10**30, 10**29))
    assert len(done(fake, api, body)["data"]) == 1


def test_marengo30__takes_no_documents(api: httpx2.Client) -> None:
    """Trap: documents and images need the latest model."""
    refused(api.post(TASKS, json={**document(PDF), "model_name": "marengo3.0"}))


def test_snapshot__of_a_document_goes_on(fake: Fake, api: httpx2.Client) -> None:
    """What was read of a document survives."""
    body = document(
        inline(b"One fox. Two dogs."), embedding_scope=["local"], segmentation=sentences(1)
    )
    task = begun(api, body)
    kept = fake.snapshot()
    fake.reset()
    fake.restore(kept)
    fake.clock.advance(LONG)
    assert len(api.get(f"{TASKS}/{task}").json()["data"]) == 2
