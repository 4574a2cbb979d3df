"""Figures: what every consumer adds, and the sums."""

from figures.models.cells import Cell, ConsumerYear, Progress

__all__ = ["Cell", "ConsumerYear", "Progress"]
