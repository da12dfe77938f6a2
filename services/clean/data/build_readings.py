"""Write readings.tsv, the legal readings of every Chinese character of GBK, from pypinyin (MIT).

    python -m services.clean.data.build_readings

pypinyin is needed for this alone. A line holds one reading and all characters that may be read so.
"""

from __future__ import annotations

from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

from pypinyin.constants import PINYIN_DICT

TARGET = Path(__file__).with_name("readings.tsv")
# How the tone changes before certain syllables, which no dictionary entry shows.
SANDHI = {"一": ("yí", "yì"), "不": ("bú",), "儿": ("r",), "兒": ("r",)}


def characters_by_reading() -> dict[str, list[str]]:
    """Return the characters of GBK under each of their readings, both in order of code point."""
    table: dict[str, list[str]] = defaultdict(list)
    for code, readings in sorted(PINYIN_DICT.items()):
        character = chr(code)
        try:
            character.encode("gbk")
        except UnicodeEncodeError:
            continue
        for reading in dict.fromkeys((*readings.split(","), *SANDHI.get(character, ()))):
            table[reading].append(character)
    return table


def main() -> None:
    """Write the table beside this module."""
    source = f"pypinyin {version('pypinyin')} (MIT)"
    header = f"# Readings of the characters of GBK, from {source} by build_readings.py\n"
    lines = (f"{reading}\t{''.join(chars)}\n" for reading, chars in sorted(characters_by_reading().items()))
    TARGET.write_text(header + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
