"""Pictures for the demonstration: illustrated instruments, seals and sample certificates, all drawn here."""

from collections.abc import Callable

from home.demo.drawing import laboratory, workshop
from home.demo.drawing.canvas import PALETTES, Canvas
from home.demo.drawing.papers import certificate, initials, seal

__all__ = ["SUBJECTS", "certificate", "initials", "instrument_photo", "seal"]

SUBJECTS: dict[str, Callable[[Canvas], None]] = {
    "stack": laboratory.stack,
    "bench": laboratory.bench,
    "column": laboratory.column,
    "chamber": laboratory.chamber,
    "microscope": laboratory.microscope,
    "frame": workshop.frame,
    "scope": workshop.scope,
    "rack": workshop.rack,
    "telescope": workshop.telescope,
    "tripod": workshop.tripod,
    "laser": workshop.laser,
    "gantryring": laboratory.gantryring,
    "mast": workshop.mast,
    "rosette": workshop.rosette,
    "reactor": workshop.reactor,
    "gantry": workshop.gantry,
    "fieldcase": workshop.fieldcase,
    "furnace": laboratory.furnace,
    "magnet": laboratory.magnet,
    "dewar": laboratory.dewar,
    "balance": laboratory.balance,
}


def instrument_photo(subject: str, palette: int) -> bytes:
    """An illustrated instrument, 960 × 720, as JPEG."""
    canvas = Canvas(PALETTES[palette % len(PALETTES)])
    SUBJECTS[subject](canvas)
    return canvas.jpeg()
