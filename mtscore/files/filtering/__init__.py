"""The filter: records in, records out, without the garbled ones, and none lost whatever happens to a run."""

from mtscore.files.filtering.run import filter_records
from mtscore.files.filtering.settings import FilterCounts, FilterSettings, describe

__all__ = ["FilterCounts", "FilterSettings", "describe", "filter_records"]
