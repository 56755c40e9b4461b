"""The files that are made from the code. `make docs` writes them again; a test holds them to it."""

from __future__ import annotations

import json
from pathlib import Path

from monitor.config import example, json_schema, reference_markdown
from tests import records

ROOT = Path(__file__).resolve().parent.parent


def contents() -> dict[str, str]:
    """What each file ought to hold, by its path in the repository."""
    return {
        "config.example.toml": example(),
        "docs/change-record.md": _with_the_example(ROOT / "docs/change-record.md"),
        "docs/configuration.md": reference_markdown(),
        "docs/schemas/config.json": json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n",
    }


def _with_the_example(page: Path) -> str:
    """The page with the change record that it shows as the code makes it."""
    before, rest = page.read_text(encoding="utf-8").split("```json\n")
    after = rest.partition("```")[2]
    return f"{before}```json\n{json.dumps(records.example(), ensure_ascii=False, indent=1)}\n```{after}"


def stale(root: Path) -> list[str]:
    """The files under `root` that don't hold what they ought to."""
    return [
        name
        for name, content in contents().items()
        if not (root / name).is_file() or (root / name).read_text(encoding="utf-8") != content
    ]


def write(root: Path) -> list[str]:
    """Write those that are stale; returns which."""
    written = stale(root)
    for name in written:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(contents()[name], encoding="utf-8")
    return written


if __name__ == "__main__":
    print("Wrote", ", ".join(write(ROOT)) or "nothing: all is as the code has it")
