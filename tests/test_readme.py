"""The README holds: its first ten minutes run to the letter, and what it links to exists."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PORT = "8123"  # as the README has it; the test serves on a free one


def test_the_first_ten_minutes_run_to_the_letter(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    chapter = README.split("## The first ten minutes")[1].split("\n## ")[0]
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)).replace(PORT, port)
    commands = commands.replace(". .venv/bin/activate\n", "").replace(
        "--bind 127.0.0.1 &", "--bind 127.0.0.1 2>server.log & sleep 2"
    )
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("TERMS_MONITOR")},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "200",
    }
    script = f"set -eu\ntrap 'kill $(jobs -p)' EXIT\n{commands}"
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "[-30-]{+14+} days" in done.stdout
    assert "[-we pay-]{+you pay+}" in done.stdout or "[-we-]{+you+} pay" in done.stdout
    assert "4,311" not in done.stdout.split("monitor diff")[-1]


def test_what_the_readme_links_to_exists() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)|src=\"([^\"]+)\"", README)
    missing = [target for pair in targets for target in pair if target and not (ROOT / target).exists()]
    assert missing == []


def test_the_commands_of_the_makefile_that_the_readme_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
