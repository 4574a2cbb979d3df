"""Figures: what every consumer adds, the sums, and the years of providers."""

from figures.models.cells import Cell, ConsumerYear, Progress
from figures.models.years import ProviderYear

__all__ = ["Cell", "ConsumerYear", "Progress", "ProviderYear"]
