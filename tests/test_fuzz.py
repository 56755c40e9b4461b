"""Hostile and mutated pages, a few of those that benchmarks/fuzz.py makes for hours: nothing breaks on them."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from fuzz import put_through
from hostile import FAMILIES, Family, mutated


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__.strip("_"))
def test_nothing_breaks_on_a_hostile_page_and_its_mutations(family: Family) -> None:
    rng = random.Random(7)
    page, other = family(rng, 3_000), FAMILIES[0](rng, 3_000)
    for hostile in (page, *(mutated(rng, page, other) for _ in range(4))):
        assert put_through(hostile, page).broken == ()
