"""Fetches a source once: an answer as evidence, or the reason why there is none."""

from monitor.fetch.fetcher import Fetcher as Fetcher, FetchLimits as FetchLimits
