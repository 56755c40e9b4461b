"""How times and values lie in columns."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from monitor.core.errors import StoreError
from monitor.core.model import Schedule
from monitor.store.instants import Instant, instant_text
from monitor.store.values import CODEC, blob_bytes, compress, pack, plain, unpack, unplain
from tests.recorded import document, sha256

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=offsets)  # noqa: DTZ001 - hypothesis wants naive bounds


@given(times, times)
def test_times_as_text_sort_as_times_do(one: datetime, other: datetime) -> None:
    texts = [Instant().process_bind_param(time, sqlite.dialect()) for time in (one, other)]
    instants = [Instant().process_result_value(text, sqlite.dialect()) for text in texts]
    assert (texts[0] < texts[1]) == (instants[0] < instants[1])
    assert timedelta(0) <= one - instants[0] < timedelta(milliseconds=1)
    assert all(len(text) == 24 for text in texts)


@given(times)
def test_both_databases_keep_the_same_time(time: datetime) -> None:
    kept = Instant().process_bind_param(time, postgresql.dialect())
    assert instant_text(kept) == Instant().process_bind_param(time, sqlite.dialect())


def test_a_time_without_a_zone_is_a_defect() -> None:
    with pytest.raises(ValueError, match="expected an aware time"):
        Instant().process_bind_param(datetime(2026, 4, 1), sqlite.dialect())  # noqa: DTZ001 - it is what is refused


@given(st.binary(max_size=2000))
def test_bytes_come_back_as_they_were(data: bytes) -> None:
    assert blob_bytes(sha256(data), CODEC, compress(data)) == data


def test_bytes_that_cannot_be_right_are_refused() -> None:
    with pytest.raises(StoreError, match="stored as brotli, which this program doesn't know"):
        blob_bytes("0" * 64, "brotli", b"")
    with pytest.raises(StoreError, match="Stored bytes are damaged"):
        blob_bytes("0" * 64, CODEC, b"no frame")


def test_values_come_back_from_json_and_from_packed_columns() -> None:
    value = document()
    assert unplain(type(value), plain(value)) == value
    assert unpack(Schedule, pack(value.schedule)) == value.schedule
