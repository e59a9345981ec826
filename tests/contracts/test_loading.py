"""Loading: what a document may be, and how a broken one is refused."""

import json
from pathlib import Path

import pytest
import yaml

from understudy.contracts.errors import DocumentError
from understudy.contracts.loading import load_document

HEAD = """openapi: 3.1.0
info: {title: t, version: "1", x-ok: &ok {description: d}}
"""


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_CACHE", str(tmp_path / "cache"))


def refused(folder: Path, text: str) -> DocumentError:
    file = folder / "pets.yaml"
    file.write_text(text)
    with pytest.raises(DocumentError) as caught:
        load_document(file)
    return caught.value


def test_load__file_yaml_and_json_and_mapping_agree(tmp_path: Path) -> None:
    """The same document is the same, whichever way it comes."""
    text = HEAD + "servers: [{url: 'https://a.test/v1/'}]\npaths: {}\n"
    whole = yaml.safe_load(text)
    (tmp_path / "pets.yaml").write_text(text)
    (tmp_path / "pets.json").write_text(json.dumps(whole))
    documents = [
        load_document(tmp_path / "pets.yaml"),
        load_document(str(tmp_path / "pets.json")),
        load_document(whole, name="pets"),
    ]
    assert {document.name for document in documents} == {"pets"}
    assert all(document.root == whole for document in documents)
    assert {(d.host, d.base_path, d.version) for d in documents} == {("a.test", "/v1", "3.1")}


def test_load__yaml_1_2_scalars(tmp_path: Path) -> None:
    """Dates, `no`, sexagesimals and keys stay text; numbers and booleans do not."""
    file = tmp_path / "a.yaml"
    file.write_text(
        HEAD + "paths: {}\nx-all: {a: 2025-07-01, b: no, c: 12:30:00, 1: 010, d: 1e3, e: true, f: }"
    )
    found = load_document(file).root["x-all"]
    assert found == {
        "a": "2025-07-01",
        "b": "no",
        "c": "12:30:00",
        "1": 10,
        "d": 1000.0,
        "e": True,
        "f": None,
    }


def test_load__a_mapping_is_copied() -> None:
    """What the caller does to its mapping later does not reach the document."""
    whole = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}
    document = load_document(whole)
    whole["paths"] = {"/x": {}}
    assert document.root["paths"] == {}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", "pets.yaml", "empty"),
        ("a: [", "pets.yaml:2", "cannot be read"),
        ("a: 1\nb: 2\na: 3\n", "pets.yaml:3", "'a' occurs twice"),
        ('{"a": 1,\n "b": {"c": 1,\n "c": 2}}', "pets.yaml:3", "'c' occurs twice"),
        ("a: !!python/name:os.system x", "pets.yaml:1", "tag"),
        ("- 1\n", "pets.yaml:1", "mapping"),
        ("swagger: '2.0'\n", "pets.yaml:1", "Swagger 2.0"),
        ("openapi: 4.0.0\n", "pets.yaml:1", "4.0.0"),
        (HEAD + "paths:\n  pets: {}\n", "pets.yaml:3", "pets"),
        ("a: &a [1]\nb: " + "[" * 1500 + "]" * 1500, "pets.yaml:2", "nested"),
        ('{"a":' + ("[" * 900 + '"' + "]" * 900 + '",') * 50, "pets.yaml:1", "nested"),
        ("- " * 50_000 + "x", "pets.yaml:1", "nested"),
        ("? " * 900 + "x", "pets.yaml:1", "nested"),
        ("{" + '"a":{' * 300 + "}" * 301, "pets.yaml:1", "nested"),
    ],
)
def test_load__unreadable(tmp_path: Path, text: str, line: str, words: str) -> None:
    """A text that is no document is refused with its line."""
    error = refused(tmp_path, text)
    assert words in str(error)
    assert error.line.endswith(line)


def test_load__not_utf_8(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are refused with their line."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(DocumentError, match=r"a\.yaml:2: not UTF-8"):
        load_document(file)


def test_load__alias_bomb(tmp_path: Path) -> None:
    """Aliases that multiply, or contain themselves, are refused instead of expanded."""
    rows = ["x0: &x0 [1,1,1,1,1,1,1,1,1,1]"]
    rows += [f"x{n}: &x{n} [{','.join([f'*x{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "too many" in str(refused(tmp_path, "\n".join(rows)))
    assert "nested too deeply" in str(refused(tmp_path, "a: &a [*a]"))


def test_load__missing_file() -> None:
    """A name that is neither file nor shipped says what would have worked."""
    with pytest.raises(DocumentError, match=r"no-such: cannot be read.*shipped name"):
        load_document("no-such")


PATHS = "paths:\n  /pets/{id}:\n    get:\n      operationId: a\n      responses: {default: *ok}\n"


@pytest.mark.parametrize(
    ("text", "place", "line", "words"),
    [
        (PATHS, "/paths/~1pets~1{id}/get", 5, "no path parameter 'id'"),
        (
            "paths:\n  /a: {get: {operationId: x, responses: {default: *ok}}}\n"
            "  /b: {get: {operationId: x, responses: {default: *ok}}}\n",
            "/paths/~1b/get/operationId",
            5,
            "'x' is taken by /paths/~1a/get",
        ),
        (
            "components:\n  schemas:\n    A:\n      $ref: '#/components/schemas/B'\n",
            "/components/schemas/A/$ref",
            6,
            "cannot be resolved",
        ),
        (
            "components:\n  schemas:\n    A:\n      $ref: 'https://x.test/a'\n",
            "/components/schemas/A/$ref",
            6,
            "remote",
        ),
        (
            "components:\n  schemas:\n    A: {$ref: '#/components/schemas/A'}\n",
            "/components/schemas/A/$ref",
            5,
            "back to itself",
        ),
        (
            "components:\n  schemas:\n    A:\n      allOf:\n      - $ref: '#/components/schemas/A'",
            "/components/schemas/A",
            5,
            "without end",
        ),
        (
            "components:\n  schemas:\n    A:\n      type: string\n      pattern: '('\n",
            "/components/schemas/A/pattern",
            7,
            "regular expression",
        ),
        (
            "components:\n  schemas:\n    A:\n      $dynamicRef: '#x'\n",
            "/components/schemas/A/$dynamicRef",
            6,
            "not supported",
        ),
        (
            "components:\n  schemas:\n    A:\n      properties:\n        n:\n"
            "          type: integr\n",
            "/components/schemas/A/properties/n/type",
            8,
            "integr",
        ),
        (
            "components:\n  schemas:\n    A:\n      minLength: -1\n",
            "/components/schemas/A/minLength",
            6,
            "-1",
        ),
        (
            "paths:\n  /a/{x}: {parameters: [{name: x, in: path, required: true, schema: {}}]}\n"
            "  /a/{y}: {parameters: [{name: y, in: path, required: true, schema: {}}]}\n",
            "/paths/~1a~1{y}",
            5,
            "the same as",
        ),
        (
            "paths:\n  /a:\n    get:\n      responses: {default: *ok}\n"
            "      security: [{key: []}]\n",
            "/paths/~1a/get/security/0",
            7,
            "'key' is not declared",
        ),
    ],
)
def test_load__structure(tmp_path: Path, text: str, place: str, line: int, words: str) -> None:
    """A well-formed document that cannot work is refused with place and line."""
    error = refused(tmp_path, HEAD + text)
    assert words in error.problem
    assert error.place == place
    assert error.line.endswith(f"pets.yaml:{line}")


def test_load__bad_example_is_a_note(tmp_path: Path) -> None:
    """One bad example never stops a document."""
    file = tmp_path / "a.yaml"
    file.write_text(
        HEAD
        + "paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: d\n"
        "          content:\n            application/json:\n              examples: [1]\n"
    )
    document = load_document(file)
    assert any("examples" in note for note in document.notes)


def test_load__data_is_not_structure() -> None:
    """What looks like a reference inside an example, a default or a property name is data."""
    load_document(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "components": {
                "schemas": {
                    "A": {
                        "properties": {"$ref": {"type": "string"}, "example": {"type": "integer"}},
                        "default": {"$ref": "#/nowhere"},
                        "example": {"$ref": "https://remote.test"},
                    }
                }
            },
        }
    )


def test_load__cache_gives_the_same(tmp_path: Path) -> None:
    """A kept document equals the one that was read, lines included; a broken keep is ignored."""
    file = tmp_path / "a.yaml"
    many = "".join(f"  /p{n}: {{get: {{responses: {{default: *ok}}}}}}\n" for n in range(600))
    file.write_text(HEAD + "paths:\n" + many)
    first = load_document(file)
    kept = list((tmp_path / "cache").iterdir())
    assert len(kept) == 1
    second = load_document(file)
    assert second.root == first.root
    assert second.source("/paths/~1p7/get") == first.source("/paths/~1p7/get") == f"{file}:11"
    kept[0].write_text("{broken")
    assert load_document(file).root == first.root


def test_load__shipped_by_name() -> None:
    """A document that comes with the package is found by its provider's name."""
    document = load_document("control")
    assert document.name == "control"
    assert document.source("/openapi").startswith("specs/control/openapi.yaml:")
