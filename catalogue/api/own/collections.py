"""The kinds of records that a provider's own system keeps."""

from dataclasses import dataclass

from catalogue.models import (
    Capability,
    Instrument,
    LabService,
    ProviderRecord,
    Qualification,
    TestingService,
)


@dataclass(frozen=True)
class Collection:
    """``slug`` is its part of the address, ``related`` what reading a record reads besides its row."""

    slug: str
    model: type[ProviderRecord]
    related: tuple[str, ...] = ()

    @property
    def has_photos(self) -> bool:
        return self.model is Instrument

    @property
    def has_scan(self) -> bool:
        return self.model is Qualification

    @property
    def has_instruments(self) -> bool:
        return self.model in {TestingService, LabService}


FIELD = ("field__parent__parent",)
COLLECTIONS = (
    Collection("instruments", Instrument, ("instrument_class__parent__parent",)),
    Collection("qualifications", Qualification, ("scan",)),
    Collection("capabilities", Capability, (*FIELD, "qualification")),
    Collection("testing-services", TestingService, FIELD),
    Collection("lab-services", LabService, FIELD),
)
