"""Where ingest may connect to: http and https, and public addresses only unless a source allows others.

The host is resolved once, every address is checked, and the connection goes to a checked address: a name that
changes its answer between the check and the connection (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

import httpx

ALLOW_PRIVATE = "isowire_allow_private"  # the request extension that lets a request reach private addresses
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the low 32 bits are an IPv4 address
MAX_URL_CHARS = 2048

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Awaitable[list[str]]]


class PrivateAddressError(httpx.TransportError):
    """The host has an address that is not on the public internet."""


class UnresolvedHostError(httpx.TransportError):
    """The host's name leads to no address."""


def check_url(url: str) -> str:
    """Return `url` if it can be fetched at all: http or https, with a host, of a sane length.

    Raises `ValueError` with the reason.
    """
    if len(url) > MAX_URL_CHARS:
        raise ValueError(f"the URL has more than {MAX_URL_CHARS} characters")
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(f"no URL: {error}") from error
    if parsed.scheme not in {"http", "https"}:
        raise ValueError(f"only http and https are fetched, not {parsed.scheme or 'a relative URL'!r}")
    if not parsed.host:
        raise ValueError("the URL has no host")
    return url


def is_public(address: str) -> bool:
    """Tell whether an address is on the public internet, whatever IPv6 form an IPv4 address hides in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(a.is_global and not a.is_multicast for a in (ip, *_embedded(ip)))


def _embedded(ip: Address) -> list[Address]:
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    found: list[Address | None] = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in NAT64:
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [a for a in found if a is not None]


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, in the order of the system's preference."""
    answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class CheckedTransport(httpx.AsyncBaseTransport):
    """Resolves the host, checks each address, and connects to one of them."""

    def __init__(self, inner: httpx.AsyncBaseTransport, resolver: Resolver = resolve) -> None:
        self._inner = inner
        self._resolve = resolver

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to the first checked address that takes the connection."""
        addresses = await self._checked_addresses(request)
        failure: httpx.TransportError | None = None
        for address in addresses:
            try:
                return await self._inner.handle_async_request(_to_address(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        raise failure or UnresolvedHostError(f"{request.url.host} has no address")

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()

    async def _checked_addresses(self, request: httpx.Request) -> list[str]:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise UnresolvedHostError(f"{host}: {error}") from error
        if not request.extensions.get(ALLOW_PRIVATE):
            for address in addresses:
                if not is_public(address):
                    raise PrivateAddressError(f"{host} has the address {address}")
        return addresses


def _to_address(request: httpx.Request, address: str) -> httpx.Request:
    """Return the request for a bare address; Host header and TLS name stay those of the host."""
    extensions = {**request.extensions, "sni_hostname": request.url.host}
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions=extensions,
    )
