"""`client.texts`: send, read and edit texts."""

from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, Value, path
from understudy.client.download import Download, Target
from understudy.client.imentiv.aio.media import AsyncAnalysis, AsyncMedia, Kind
from understudy.client.imentiv.medium import Change
from understudy.client.imentiv.text import Text

TEXTS: Kind[Text] = Kind("text", "start_after", Text)


class AsyncTexts(AsyncMedia[Text]):
    """The account's texts; those of its sounds can be read here too."""

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session, TEXTS)

    async def create(
        self, title: str, text: str, *, callback_url: str | None = None
    ) -> AsyncAnalysis[Text]:
        """Have a text analysed, paragraph by paragraph."""
        fields: dict[str, Value] = {"title": title, "text": text, "callback_url": callback_url}
        return await self._uploaded(Call("POST", "/v2/texts", fields=fields))

    async def edit(
        self, text_id: str, text: str, *, callback_url: str | None = None
    ) -> AsyncAnalysis[Text]:
        """Put another text in its place, and have that analysed under the same id."""
        fields: dict[str, Value] = {"text": text, "callback_url": callback_url}
        where = path("/v1/texts/{}/emotions", text_id)
        changed = await self._session.fetch(Call("PUT", where, fields=fields, again=False), Change)
        return AsyncAnalysis(self._session, TEXTS, changed.id)

    async def report(self, text_id: str, to: Target | None = None) -> Download:
        """A table with a row for each segment: in memory, or saved at `to`; `NotReady` while the
        text is analysed."""
        return await self._session.download(Call("GET", path("/v1/texts/{}/report", text_id)), to)
