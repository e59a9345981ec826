"""Lists read as one: every item once, and an end in any case."""

import httpx2
import pytest
from callers import INDEX, Blocking, Script, error, reply

from understudy.client import BadReply, BadRequest


def page(number: int, total: int, count: int = 2) -> httpx2.Response:
    """A page of indexes, named by page and place."""
    names = [f"{number}-{place}" for place in range(count)]
    info = {"page": number, "limit_per_page": count, "total_page": total, "total_results": 9}
    return reply(
        json={"data": [{**INDEX, "index_name": name} for name in names], "page_info": info}
    )


def found(*clips: str, following: str | None = None) -> httpx2.Response:
    """A page of clips."""
    info = {"limit_per_page": 2, "total_results": 3, "next_page_token": following}
    data = [{"video_id": clip, "start": 0, "end": 6.5, "rank": 1} for clip in clips]
    return reply(json={"data": data, "page_info": info})


def test_numbers__are_followed_to_the_last_page(caller: Blocking) -> None:
    """Each page is asked for once, with the same filters."""
    script = Script(page(1, 3), page(2, 3), page(3, 3, count=1))
    client = caller.client(script.transport)
    items = caller.all(client.indexes.list(page_limit=2, model_family="marengo"))
    assert [item.index_name for item in items] == ["1-0", "1-1", "2-0", "2-1", "3-0"]
    assert [str(sent.url.query, "ascii") for sent in script.requests] == [
        f"page_limit=2&model_family=marengo&page={number}" for number in (1, 2, 3)
    ]


def test_list__asks_for_nothing_before_it_is_read(caller: Blocking) -> None:
    """Making a list is free, and reading it twice reads it anew."""
    script = Script(page(1, 1))
    listed = caller.client(script.transport).indexes.list()
    assert script.requests == []
    assert len(caller.all(listed)) == len(caller.all(listed)) == 2
    assert len(script.requests) == 2


def test_pages__can_be_read_whole(caller: Blocking) -> None:
    """A page knows its place; the first one can be had alone, from any number on."""
    client = caller.client(Script(page(2, 3), page(3, 3)).transport)
    pages = caller.all(client.indexes.list(page=2).pages())
    assert [each.page_info.page for each in pages] == [2, 3]
    client = caller.client(Script(page(1, 3)).transport)
    assert caller.run(client.indexes.list().first()).page_info.total_results == 9


def test_list__ends_at_an_empty_page(caller: Blocking) -> None:
    """Whatever the total says, nothing comes after nothing."""
    script = Script(page(1, 1000), page(2, 1000, count=0))
    assert len(caller.all(caller.client(script.transport).indexes.list())) == 2


def test_list__does_not_turn_in_circles(caller: Blocking) -> None:
    """A server that gives the same page for ever is found out."""
    with pytest.raises(BadReply, match="twice"):
        caller.all(caller.client(Script(page(1, 5)).transport).indexes.list())
    client = caller.client(Script(found("a", following="again")).transport)
    with pytest.raises(BadReply, match=r"'again'.*twice"):
        caller.all(client.search.clips("i", ["visual"], query_text="x"))


def test_tokens__are_followed_until_there_is_none(caller: Blocking) -> None:
    """The search is made once; its further pages are reads."""
    script = Script(found("a", "b", following="t/1"), found("c"))
    client = caller.client(script.transport)
    clips = caller.all(
        client.search.clips("i", ["visual"], query_text="x", include_user_metadata=True)
    )
    assert [clip.video_id for clip in clips] == ["a", "b", "c"]
    assert [sent.method for sent in script.requests] == ["POST", "GET"]
    assert script.requests[1].url.raw_path == b"/v1.3/search/t%2F1?include_user_metadata=true"


def test_error__comes_after_what_was_good(caller: Blocking) -> None:
    """An expired token is an error of its page, not of the pages before."""
    script = Script(found("a", following="t"), error(400, "search_page_token_expired"))
    pager = caller.client(script.transport).search.clips("i", ["visual"], query_text="x")
    assert [clip.video_id for clip in caller.run(pager.first()).data] == ["a"]
    with pytest.raises(BadRequest, match="expired"):
        caller.all(pager.pages())
