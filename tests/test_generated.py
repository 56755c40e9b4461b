"""What is made from the code is as the code has it, and `make docs` makes it."""

from __future__ import annotations

from pathlib import Path

from tests.generated import ROOT, contents, stale, write


def test_what_is_generated_is_up_to_date() -> None:
    assert stale(ROOT) == [], "run: make docs"


def test_only_stale_files_are_written_again(tmp_path: Path) -> None:
    assert write(tmp_path) == list(contents())
    (tmp_path / "config.example.toml").write_text("old")
    assert write(tmp_path) == ["config.example.toml"]
    assert stale(tmp_path) == []
