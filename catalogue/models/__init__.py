"""The catalogue: what providers offer. Fields follow the national platform (NRII), see docs/glossary.md."""

from catalogue.models.attributes import AttributeDefinition, AttributeKind
from catalogue.models.base import PriceKind, PriceUnit, ProviderRecord, ServiceRecord
from catalogue.models.classification import InstrumentClass, TestingField, TreeNode, ancestor_codes
from catalogue.models.competence import (
    EXPIRING_DAYS,
    Capability,
    Qualification,
    QualificationKind,
    QualificationReminder,
    Validity,
    validity_condition,
)
from catalogue.models.instruments import (
    Condition,
    EquipmentKind,
    Instrument,
    InstrumentPhoto,
    InstrumentSource,
    Sharing,
)
from catalogue.models.jobs import Job, JobKind, JobState
from catalogue.models.offers import LabService, TestingService
from catalogue.search.models import SearchDoc, SearchVersion

__all__ = [
    "EXPIRING_DAYS",
    "AttributeDefinition",
    "AttributeKind",
    "Capability",
    "Condition",
    "EquipmentKind",
    "Instrument",
    "InstrumentClass",
    "InstrumentPhoto",
    "InstrumentSource",
    "Job",
    "JobKind",
    "JobState",
    "LabService",
    "PriceKind",
    "PriceUnit",
    "ProviderRecord",
    "Qualification",
    "QualificationKind",
    "QualificationReminder",
    "SearchDoc",
    "SearchVersion",
    "ServiceRecord",
    "Sharing",
    "TestingField",
    "TestingService",
    "TreeNode",
    "Validity",
    "ancestor_codes",
    "validity_condition",
]
