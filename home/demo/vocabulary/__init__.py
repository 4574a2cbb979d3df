"""Instruments as laboratories really have them. Names, makers and models are real; who owns them is invented."""

from home.demo.vocabulary.analysis import ANALYSIS
from home.demo.vocabulary.kinds import NOTICE, SAMPLES, Kind, Product
from home.demo.vocabulary.others import OTHERS

__all__ = ["KINDS", "NOTICE", "SAMPLES", "Kind", "Product"]

KINDS: tuple[Kind, ...] = (*ANALYSIS, *OTHERS)
