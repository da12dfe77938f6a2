"""Tell pages whose elements stand so deep in one another that a parser takes its time squared.

For many start tags the HTML standard asks whether a `p` is open in their scope (WHATWG, "has an element
in button scope"), and the answer walks up all that is open: 20,000 open `div` take half a second, 80,000
ten.
"""

from __future__ import annotations

import re
from itertools import accumulate

LARGE = 100_000  # characters; smaller pages cannot be so deep as to matter, and pay nothing
MAX_DEPTH = 12_000  # pages that people read have 10 to 60, and what is made to harm is cleaned up to here
# Elements that only an end tag closes.
TAG = re.compile(
    r"<(/?)(?:div|section|article|main|header|footer|nav|aside|[uod]l|center|blockquote|figure|details|fieldset|"
    r"address|form|menu|template|font|span|strong|small|big|code|nobr|strike|label|em|tt|[abius])(?=[\s/>])",
    re.IGNORECASE,
)
STEP = {"": 1, "/": -1}


def too_deep(source: str) -> bool:
    """Tell whether more than `MAX_DEPTH` elements are open at once."""
    if len(source) < LARGE or source.count("<") <= MAX_DEPTH:
        return False
    return max(accumulate(map(STEP.__getitem__, TAG.findall(source))), default=0) > MAX_DEPTH
