"""Draws the pictures of the documentation anew, by running the Python of the pages that show them.

A page that makes a `figure` gets it as an image of its own name.
"""

import re
import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = ("tutorial/tracking-in-a-notebook.md",)
_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def main() -> int:
    for page in PAGES:
        names: dict[str, Any] = {}
        for code in _BLOCK.findall((DOCS / page).read_text()):
            if not code.startswith(">>>"):
                exec(compile(code, page, "exec"), names)
        picture = DOCS / "images" / f"{Path(page).stem}.svg"
        names["matplotlib"].rcParams["svg.hashsalt"] = "skypicket"
        names["figure"].savefig(picture, metadata={"Date": None}, dpi=110)
        print(picture.relative_to(DOCS.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
