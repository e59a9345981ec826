# From client/imentiv/aio/texts.py, by `python -m tools.twins`: edit that file, not this.
"""`client.texts`: send, read and edit texts."""

from understudy.client.call import Call, Value, path
from understudy.client.download import Download, Target
from understudy.client.imentiv.medium import Change
from understudy.client.imentiv.sync.media import Analysis, Kind, Media
from understudy.client.imentiv.text import Text
from understudy.client.sync.session import Session

TEXTS: Kind[Text] = Kind("text", "start_after", Text)


class Texts(Media[Text]):
    """The account's texts; those of its sounds can be read here too."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, TEXTS)

    def create(self, title: str, text: str, *, callback_url: str | None = None) -> Analysis[Text]:
        """Have a text analysed, paragraph by paragraph."""
        fields: dict[str, Value] = {"title": title, "text": text, "callback_url": callback_url}
        return self._uploaded(Call("POST", "/v2/texts", fields=fields))

    def edit(self, text_id: str, text: str, *, callback_url: str | None = None) -> Analysis[Text]:
        """Put another text in its place, and have that analysed under the same id."""
        fields: dict[str, Value] = {"text": text, "callback_url": callback_url}
        where = path("/v1/texts/{}/emotions", text_id)
        changed = self._session.fetch(Call("PUT", where, fields=fields, again=False), Change)
        return Analysis(self._session, TEXTS, changed.id)

    def report(self, text_id: str, to: Target | None = None) -> Download:
        """A table with a row for each segment: in memory, or saved at `to`; `NotReady` while the
        text is analysed."""
        return self._session.download(Call("GET", path("/v1/texts/{}/report", text_id)), to)
