"""Laws of vectors of several things together: references, company, and what marengo3.5 grants."""

from typing import Any

import httpx2
import pytest
from embed_stage import (
    FILM,
    HORN,
    PICTURE,
    at,
    cosine,
    embedded,
    inline,
    many,
    norm,
    refused,
    source,
)
from hypothesis import given
from hypothesis import strategies as st
from media import png, wav
from stage import client_of

from understudy.mocks import Fake

CLIP = "https://media.example/harbour/ferry.mp4?duration=20"
NOTES = inline(b"The ferry leaves at noon. It is late.")
PDF = inline(b"%PDF-1.7\n" + b"<< /Type /Page >>\n" * 3 + b"<< /Type /Pages >>")


def picture(name: str = "") -> dict[str, str]:
    """An image among others."""
    return source("image", at(PICTURE), name)


def test_mixture__is_one_vector(api: httpx2.Client) -> None:
    """Words and media make one vector of norm 1, near to each of them."""
    together = embedded(api, many(picture(), words="a goat on a rock"))
    (piece,) = together["data"]
    assert norm(piece["embedding"]) == pytest.approx(1)
    for alone in (many(picture()), many(words="a goat on a rock")):
        (other,) = embedded(api, alone)["data"]
        assert 0.5 < cosine(piece["embedding"], other["embedding"]) < 1


@pytest.mark.parametrize("model", ["marengo3.0", "marengo3.5"])
def test_mixture__both_models_take_images(api: httpx2.Client, model: str) -> None:
    """The older model tells no tokens and no length."""
    answer = embedded(api, many(picture("a"), words="behind <@a>", model=model))
    latest = model == "marengo3.5"
    assert ("usage" in answer) == latest
    told = {"embedding_dimension": 512} if latest else {}
    assert answer["metadata"] == {"input_type": "multi_input", **told}


@pytest.mark.parametrize(
    "other", [source("video", at(CLIP)), source("audio", at(HORN)), source("document", NOTES)]
)
def test_marengo30__combines_images_only(api: httpx2.Client, other: dict[str, str]) -> None:
    """Trap: everything else needs the latest model."""
    body = many(other, words="a ferry", model="marengo3.0")
    assert "images only" in refused(api.post("/embed-v2", json=body))


def test_reference__must_resolve(api: httpx2.Client) -> None:
    """Trap: every `<@name>` is the name of a source, or the request fails."""
    embedded(api, many(picture("boat"), picture("bridge"), words="<@boat> under <@bridge>"))
    for words in ("<@boats>", "<@boat> <@>", "<@Boat>"):
        message = refused(api.post("/embed-v2", json=many(picture("boat"), words=words)))
        assert "'boat'" in message
    assert "none" in refused(api.post("/embed-v2", json=many(words="only <@words>")))


def test_reference__names_are_unique(api: httpx2.Client) -> None:
    """Two sources of one name cannot be told apart; nameless ones may be many."""
    assert "twice" in refused(api.post("/embed-v2", json=many(picture("a"), picture("a"))))
    embedded(api, many(picture(), picture()))


def test_mixture__needs_something(api: httpx2.Client) -> None:
    """Neither words nor media."""
    refused(api.post("/embed-v2", json=many()), 400, "parameter_not_provided")
    assert api.post("/embed-v2", json=many(*[picture()] * 11)).status_code == 400
    embedded(api, many(*[picture()] * 10))


def test_company__several_types_need_words(api: httpx2.Client) -> None:
    """An image and a video without words are refused, and taken with some."""
    sources = (picture(), source("video", at(CLIP)))
    assert "input_text" in refused(api.post("/embed-v2", json=many(*sources)))
    answer = embedded(api, many(*sources, words="a ferry"))
    assert set(answer["usage"]["input_tokens"]) == {"text", "image", "video"}


def test_company__a_pdf_comes_alone(api: httpx2.Client) -> None:
    """Neither words nor any other source beside a PDF."""
    answer = embedded(api, many(source("document", PDF)))
    assert set(answer["usage"]["input_tokens"]) == {"document"}
    for body in (
        many(source("document", PDF), words="a ferry"),
        many(source("document", PDF), source("document", NOTES)),
        many(source("document", PDF), picture(), words="a ferry"),
    ):
        assert "PDF" in refused(api.post("/embed-v2", json=body))


def test_company__text_alone_cannot_be_combined(api: httpx2.Client) -> None:
    """A text is taken alone, or with an image, video or sound."""
    embedded(api, many(source("document", NOTES)))
    embedded(api, many(source("document", NOTES), picture(), words="a ferry"))
    for body in (
        many(source("document", NOTES), words="a ferry"),
        many(source("document", NOTES), source("document", NOTES)),
    ):
        assert "text only" in refused(api.post("/embed-v2", json=body))
    empty = many(source("document", inline(b" \n ")))
    assert "no words" in refused(api.post("/embed-v2", json=empty))


def test_text_document__is_embedded_as_its_words(api: httpx2.Client) -> None:
    """Words in a file and the same words in the request lie together."""
    filed = embedded(api, many(source("document", NOTES)))["data"][0]["embedding"]
    told = embedded(api, many(words="The ferry leaves at noon. It is late."))["data"][0]
    assert cosine(filed, told["embedding"]) == pytest.approx(1)


def test_pdf__pages_beyond_the_allowance(api: httpx2.Client) -> None:
    """16 pages for a megabyte that is begun, else 413 with both numbers, nested."""
    pages = b"%PDF-1.7\n" + b"<< /Type /Page >>\n" * 17
    response = api.post("/embed-v2", json=many(source("document", inline(pages))))
    message = refused(response, 413, "request_too_large")
    assert "17 pages" in message
    assert "16" in message


def test_media__limits_of_the_latest_model(api: httpx2.Client) -> None:
    """30 seconds, as far as they are known, and 32 MB whatever the kind."""
    body = many(source("video", at(FILM)))
    assert "30 s" in refused(api.post("/embed-v2", json=body))
    embedded(api, many(source("video", at("https://media.example/a.mp4"))))
    big = wav(3) + bytes(32 * 1024**2)
    response = api.post("/embed-v2", json=many(source("audio", inline(big))))
    refused(response, 413, "request_too_large")


@pytest.mark.parametrize(("truncate", "status"), [(None, 400), (False, 400), (True, 200)])
def test_auto_truncate__beyond_2000_tokens(
    api: httpx2.Client, truncate: bool | None, status: int
) -> None:
    """Trap: too long a text is a 400, unless it may be cut, which is told."""
    body = many(words="fox " * 2001)
    if truncate is not None:
        body["auto_truncate"] = truncate
    response = api.post("/embed-v2", json=body)
    assert response.status_code == status
    if status == 400:
        assert "auto_truncate" in refused(response)
        return
    answer = response.json()
    usage = {"input_tokens": {"text": 2000}, "truncated": True}
    assert answer["usage"] == {**usage, "truncation_reason": "model_context_window"}
    assert answer["data"] == embedded(api, many(words="fox " * 2000))["data"]


def test_usage__of_what_was_not_cut(api: httpx2.Client) -> None:
    """The reason is there only with a cut."""
    answer = embedded(api, many(words="a red fox", auto_truncate=True))
    assert answer["usage"] == {"input_tokens": {"text": 3}, "truncated": False}


@given(dimension=st.integers(1, 512), words=st.text("abc xyz", min_size=1).filter(str.strip))
def test_dimension__is_the_head_of_the_longer(dimension: int, words: str) -> None:
    """Trap: a shorter vector is the first numbers of the longer one, not scaled anew."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk_test") as api:
        whole = embedded(api, many(words=words, embedding_uncertainty=True))
        short = embedded(
            api, many(words=words, embedding_uncertainty=True, embedding_dimension=dimension)
        )
    for name in ("embedding", "embedding_uncertainty"):
        assert len(whole["data"][0][name]) == 512
        assert short["data"][0][name] == whole["data"][0][name][:dimension]
    assert short["metadata"]["embedding_dimension"] == dimension


@pytest.mark.parametrize("dimension", [0, -1, 513])
def test_dimension__out_of_bounds(api: httpx2.Client, dimension: int) -> None:
    """From 1 to 512 (assumed)."""
    body = many(words="fox", embedding_dimension=dimension)
    assert "embedding_dimension" in refused(api.post("/embed-v2", json=body))


def test_uncertainty__is_as_long_and_not_negative(api: httpx2.Client) -> None:
    """Words alone or media alone; absent unless asked for."""
    for body in (many(words="fox"), many(picture()), many(source("audio", at(HORN)))):
        (piece,) = embedded(api, {**body, "embedding_uncertainty": True})["data"]
        assert len(piece["embedding_uncertainty"]) == len(piece["embedding"])
        assert min(piece["embedding_uncertainty"]) >= 0
        assert "embedding_uncertainty" not in embedded(api, body)["data"][0]


@pytest.mark.parametrize(
    "body",
    [many(picture(), words="fox"), many(source("document", NOTES)), many(source("document", PDF))],
    ids=["words and media", "text", "PDF"],
)
def test_uncertainty__not_with_company_or_documents(
    api: httpx2.Client, body: dict[str, Any]
) -> None:
    """Trap: combined input and documents are a 400."""
    refused(api.post("/embed-v2", json={**body, "embedding_uncertainty": True}))


def test_mixture__nothing_of_a_failure_is_kept(fake: Fake, api: httpx2.Client) -> None:
    """Vectors at once leave nothing behind, whether they succeed or not."""
    embedded(api, many(source("image", inline(png()))))
    refused(api.post("/embed-v2", json=many(words="<@a>")))
    assert api.get("/embed-v2/tasks").json()["page_info"]["total_results"] == 0
