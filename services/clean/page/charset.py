"""Bytes to text: byte order mark, strict UTF-8, else what the bytes look like; then the page's own word.

A wrong `<meta>` is common and a single stray byte must not cost the page, so the declaration only decides
where the bytes themselves do not.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from resiliparse.parse.encoding import detect_encoding

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# First bytes of files that are no text: images, archives, office files, programs, media.
BINARY_SIGNATURES = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"%PDF-",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"BZh",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\xd0\xcf\x11\xe0",
    b"\x7fELF",
    b"MZ\x90",
    b"\x00\x00\x01\x00",
    b"OggS",
    b"ID3",
    b"wOFF",
    b"wOF2",
)
# What the detector or a page may say, and the Python codec that reads all of it: GB18030 holds GBK and
# GB2312, Big5-HKSCS holds Big5 and the characters that Hong Kong adds.
FAMILIES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "windows-1252": "cp1252",
}
NAMES = {"big5hkscs": "big5", "utf-16-le": "utf-16", "utf-16-be": "utf-16", "cp1252": "windows-1252"}
TRUSTED = {"gb18030", "big5hkscs", "utf-8", "utf-16-le", "utf-16-be"}
DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]{3,20})""")
HEAD_BYTES = 4096
DETECT_BYTES = 65536  # the detector's answer no longer changes beyond; keeps 10 MB pages quick
# Calibrated on UTF-16 Chinese text, where ASCII punctuation and digits leave one NUL in ten to twenty bytes.
UTF16_NUL_SHARE = 0.02
BINARY_CONTROL_SHARE = 0.05
UNDECODABLE_SHARE = 0.1
# Text that was GB18030 all along holds the commonest characters of Chinese; read as such, Big5 or another
# encoding gives hardly one. That spares nearly every page the detector.
COMMON = "，的"
MIN_COMMON = 6
COMMON_EVERY = 20_000  # bytes; the share of text on a page is small
# Text of the other kind within a page: a footer in GBK under UTF-8 (characters of GB2312's first level, and
# its punctuation), a quotation in UTF-8 within GBK. So many in a row do not come about by chance.
GBK_RUN = re.compile(rb"(?:[\xa1-\xa3\xb0-\xd7][\xa1-\xfe][\x40-\x7e]*){4,}")
UTF8_RUN = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){5,}")
UTF8_SIGN = "，".encode()
MIXED = "gb18030-within"
CONTROLS = bytes(set(range(32)) - {5, 6, 7, 8, 9, 10, 12, 13, 27})


@dataclass(frozen=True)
class Decoded:
    """Text and the encoding that it was read with (WHATWG name)."""

    text: str
    charset: str


def looks_binary(data: bytes) -> bool:
    """Tell whether the bytes are no text in any encoding."""
    if data.startswith(BINARY_SIGNATURES):
        return True
    head = data[:HEAD_BYTES]
    if _utf16(head) or any(head.startswith(bom) for bom, _ in BOMS):
        return False
    controls = len(head) - len(head.translate(None, CONTROLS))
    return controls > BINARY_CONTROL_SHARE * len(head)


def decode(data: bytes, content_type: str | None = None) -> Decoded | None:
    """Return the text, or None where no encoding gives text. A lone bad byte becomes U+FFFD."""
    for bom, codec in BOMS:
        if data.startswith(bom):
            return _read(data[len(bom) :], codec)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        decoded = _plain_gb18030(data) or _read(data, _codec(data, content_type))
    if decoded.text.count("\ufffd") > UNDECODABLE_SHARE * max(1, len(decoded.text)):
        return None
    return decoded


def _plain_gb18030(data: bytes) -> Decoded | None:
    """Return the text of a page that is GB18030 beyond doubt."""
    if UTF8_SIGN in data or _utf16(data[:HEAD_BYTES]):
        return None
    text = data.decode("gb18030", "replace")
    enough = sum(map(text.count, COMMON)) >= max(MIN_COMMON, len(data) // COMMON_EVERY)
    return Decoded(text, "gb18030") if enough else None


def _codec(data: bytes, content_type: str | None) -> str:
    utf16 = _utf16(data[:HEAD_BYTES])
    if utf16:
        return utf16
    detected = FAMILIES.get(detect_encoding(_sample(data)) or "", "")
    if detected in TRUSTED:
        return detected
    return _declared(data, content_type) or detected or "gb18030"


def _sample(data: bytes) -> bytes:
    """Return the bytes to judge by: from the first that is not ASCII, so that scripts do not drown it."""
    if len(data) <= DETECT_BYTES:
        return data
    first = re.search(rb"[\x80-\xff]", data)
    start = first.start() if first else 0
    return data[start : start + DETECT_BYTES]


def _declared(data: bytes, content_type: str | None) -> str | None:
    header = DECLARED.search((content_type or "").encode("ascii", "ignore"))
    match = header or DECLARED.search(data[:HEAD_BYTES])
    return FAMILIES.get(match[1].decode().lower()) if match else None


def _utf16(head: bytes) -> str | None:
    """Name the UTF-16 without a mark that the NUL bytes show, if they do."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even + odd < UTF16_NUL_SHARE * len(head) or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _read(data: bytes, codec: str) -> Decoded:
    return Decoded(_text(data, codec), NAMES.get(codec, codec))


def _text(data: bytes, codec: str) -> str:
    """Return the text; what the other of UTF-8 and GB18030 put into the page is read as such."""
    if codec == "utf-8":
        return data.decode("utf-8", MIXED)
    if codec != "gb18030" or UTF8_SIGN not in data:
        return data.decode(codec, "replace")
    texts, at = [], 0
    for run in UTF8_RUN.finditer(data):
        texts += [data[at : run.start()].decode(codec, "replace"), run[0].decode("utf-8", "replace")]
        at = run.end()
    return "".join([*texts, data[at:].decode(codec, "replace")])


def _gb18030_within(error: UnicodeError) -> tuple[str, int]:
    """Return the characters that bytes which are no UTF-8 give as GB18030, U+FFFD where they give none."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    run = GBK_RUN.match(error.object, error.start)
    return (run[0].decode("gb18030", "replace"), run.end()) if run else ("\ufffd", error.end)


codecs.register_error(MIXED, _gb18030_within)
