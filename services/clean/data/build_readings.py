"""Write readings.tsv, the legal readings of every Chinese character of GBK, from pypinyin (MIT).

    python -m services.clean.data.build_readings

pypinyin is needed for this alone. A line holds one reading, the characters whose first reading it is in
pypinyin, and the others that may be read so.
"""

from __future__ import annotations

from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

from pypinyin.constants import PINYIN_DICT

TARGET = Path(__file__).with_name("readings.tsv")
# How the tone changes before certain syllables, which no dictionary entry shows.
SANDHI = {"一": ("yí", "yì"), "不": ("bú",), "儿": ("r",), "兒": ("r",)}


def characters_by_reading() -> dict[str, tuple[str, str]]:
    """Return under each reading the characters of GBK that are mostly read so, and those that also are."""
    usual: dict[str, str] = defaultdict(str)
    other: dict[str, str] = defaultdict(str)
    for code, readings in sorted(PINYIN_DICT.items()):
        character = chr(code)
        try:
            character.encode("gbk")
        except UnicodeEncodeError:
            continue
        first, *more = dict.fromkeys((*readings.split(","), *SANDHI.get(character, ())))
        usual[first] += character
        for reading in more:
            other[reading] += character
    return {reading: (usual[reading], other[reading]) for reading in sorted({*usual, *other})}


def main() -> None:
    """Write the table beside this module."""
    source = f"pypinyin {version('pypinyin')} (MIT)"
    header = f"# Readings of the characters of GBK, from {source} by build_readings.py: mostly, also\n"
    lines = (f"{reading}\t{usual}\t{other}\n" for reading, (usual, other) in characters_by_reading().items())
    TARGET.write_text(header + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
