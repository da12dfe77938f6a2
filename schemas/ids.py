"""Ids are derived, never random: the same input gives the same ids on every run and every worker."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

# Query parameters that name the visitor's way to a page, never the page.
TRACKING_PARAMETERS = frozenset(
    {
        "fbclid",
        "from",
        "gclid",
        "isappinstalled",
        "msclkid",
        "scene",
        "share_token",
        "spm",
        "utm_campaign",
        "utm_content",
        "utm_id",
        "utm_medium",
        "utm_source",
        "utm_term",
    }
)
DEFAULT_PORTS = {"http": 80, "https": 443}
DIGEST_BYTES = 16


def derive(*parts: str | bytes) -> str:
    """Return 32 hex digits that depend on every part and on where one ends and the next begins."""
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def canonical_url(url: str) -> str:
    """Return the form of `url` that all spellings of the same address share.

    Lower-case scheme and host, no default port, fragment, user or tracking parameter, sorted query, one form
    of percent-encoding (RFC 3986, section 6.2.2).
    """
    parts = urlsplit(url.strip())
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if parts.port and parts.port != DEFAULT_PORTS.get(scheme):
        host = f"{host}:{parts.port}"
    query = sorted(
        (k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in TRACKING_PARAMETERS
    )
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._") or "/"
    return urlunsplit((scheme, host, path, urlencode(query), ""))


def url_id(url: str | None, content: bytes = b"") -> str:
    """Return the key of a page: from its canonical URL, or from its content where it has none.

    What is no address (`http://[`) counts as it stands.
    """
    if not url:
        return derive("content", content)
    try:
        return derive("url", canonical_url(url))
    except ValueError:
        return derive("url", url)


def article_id(url_id_: str, content: bytes) -> str:
    """Return the id of one revision of a page."""
    return derive("article", url_id_, content)


def event_id(article_id_: str, event_type: str, start: int, end: int, evidence: str) -> str:
    """Return the id of an event: the article, what it is, and the words that show it."""
    return derive("event", article_id_, event_type, str(start), str(end), evidence)


def occurrence_key(event_type: str, asset: str) -> str:
    """Return the key under which all reports of the same happening meet."""
    return derive("occurrence", event_type, asset)


def alert_id(rule_id: str, occurrence: str) -> str:
    """Return the id of an alert: the rule and what happened, never the article that came first."""
    return derive("alert", rule_id, occurrence)


def trace_id(article_id_: str) -> str:
    """Return the W3C trace id of an article's way through the chain: 32 hex digits, never all zero."""
    return derive("trace", article_id_)
