"""The connector that really sends a webhook: httpx2, to an address that is already chosen."""

import ssl
from ipaddress import ip_address

from understudy.mocks.delivery import Answered, Parcel
from understudy.mocks.outbound import Aim

READ = 64 * 1024
"""How many bytes of an answer are read; what a receiver says beyond that is left unread."""


async def post(aim: Aim, parcel: Parcel) -> Answered:
    """Post a parcel to the address of `aim`, naming its host; OSError when nothing came back.

    No proxy, no redirect, no cookie, and no second look at the name.
    """
    import httpx2

    address = aim.address if ip_address(aim.address).version == 4 else f"[{aim.address}]"
    url = httpx2.URL(f"{aim.scheme}://{address}:{aim.port}").copy_with(
        raw_path=aim.target.encode("ascii")
    )
    host = aim.host.rsplit(":", 1)[0] if not aim.host.endswith("]") else aim.host
    client = httpx2.AsyncClient(
        trust_env=False, follow_redirects=False, timeout=None, verify=_context(aim)
    )
    headers = [("Host", aim.host), *parcel.headers]
    try:
        async with (
            client,
            client.stream(
                "POST",
                url,
                headers=headers,
                content=parcel.body,
                extensions={"sni_hostname": host.strip("[]")},
            ) as response,
        ):
            body = bytearray()
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > READ:
                    break
            return Answered(response.status_code, bytes(body[:READ]).decode("utf-8", "replace"))
    except httpx2.TransportError as error:
        raise OSError(f"{type(error).__name__}: {error}") from None


def _context(aim: Aim) -> ssl.SSLContext | bool:
    """Certificates are checked as usual; a plain connection needs no context, which is costly."""
    return ssl.create_default_context() if aim.scheme == "https" else False
