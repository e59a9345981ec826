"""A document: pointers, references, lines."""

from pathlib import Path

import pytest

from understudy.contracts.document import Document
from understudy.contracts.loading import load_document

TEXT = """openapi: 3.1.0
info:
  title: t
  version: "1"
servers:
- url: https://{region}.a.test/api/
  variables: {region: {default: eu}}
components:
  schemas:
    A: {$ref: '#/components/schemas/B'}
    B:
      type: object
      properties:
        x/y:
          type: string
"""


@pytest.fixture
def document(tmp_path: Path) -> Document:
    file = tmp_path / "a.yaml"
    file.write_text(TEXT)
    return load_document(file)


def test_at__follows_a_pointer(document: Document) -> None:
    """Slashes in names are spelt ~1; what is not there is a KeyError."""
    assert document.at("/components/schemas/B/properties/x~1y/type") == "string"
    assert document.at("/servers/0/url") == "https://{region}.a.test/api/"
    assert document.at("") is document.root
    for missing in ("/nope", "/servers/1", "/servers/-1", "/info/title/x"):
        with pytest.raises(KeyError):
            document.at(missing)


def test_resolve__follows_references(document: Document) -> None:
    """The answer is the first value that is no reference, with its pointer."""
    node, pointer = document.resolve(document.at("/components/schemas/A"), "/components/schemas/A")
    assert pointer == "/components/schemas/B"
    assert node == document.at(pointer)
    assert document.resolve({"a": 1}, "/x") == ({"a": 1}, "/x")


def test_source__names_the_nearest_line(document: Document) -> None:
    """A pointer that the file lacks has the line of its nearest ancestor."""
    place = document.source("/components/schemas/B/properties/x~1y")
    assert place.endswith("a.yaml:14")
    assert document.source("/components/schemas/B/properties/nope").endswith("a.yaml:13")
    assert document.source("").endswith("a.yaml:1")


def test_server__variables_take_their_defaults(document: Document) -> None:
    """Host and base path are those of the first server."""
    assert (document.host, document.base_path) == ("eu.a.test", "/api")
