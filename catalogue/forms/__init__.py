"""Forms of the records a provider keeps: the steps of each kind, and the filters of the provider's lists.

``STEP_FORMS`` is the one list of what a kind of record is made of; the pages, the import and the API all check by it.
"""

from catalogue.forms.competence import CapabilityForm, QualificationForm
from catalogue.forms.fields import InstrumentClassField, RecordForm, TestingFieldField
from catalogue.forms.filters import (
    CapabilityFilterForm,
    InstrumentFilterForm,
    QualificationFilterForm,
    RecordFilterForm,
    ServiceFilterForm,
)
from catalogue.forms.instruments import (
    MAX_PHOTOS,
    InstrumentBasicsForm,
    InstrumentContactForm,
    InstrumentServiceForm,
)
from catalogue.forms.offers import LabInfoForm, LabTermsForm, TestingInfoForm, TestingTermsForm
from catalogue.models import (
    Capability,
    Instrument,
    LabService,
    ProviderRecord,
    Qualification,
    TestingService,
)
from workflow.forms import StepForm

STEP_FORMS: dict[type[ProviderRecord], tuple[type[StepForm], ...]] = {
    Instrument: (InstrumentBasicsForm, InstrumentServiceForm, InstrumentContactForm),
    Qualification: (QualificationForm,),
    Capability: (CapabilityForm,),
    TestingService: (TestingInfoForm, TestingTermsForm),
    LabService: (LabInfoForm, LabTermsForm),
}

__all__ = [
    "MAX_PHOTOS",
    "STEP_FORMS",
    "CapabilityFilterForm",
    "CapabilityForm",
    "InstrumentBasicsForm",
    "InstrumentClassField",
    "InstrumentContactForm",
    "InstrumentFilterForm",
    "InstrumentServiceForm",
    "LabInfoForm",
    "LabTermsForm",
    "QualificationFilterForm",
    "QualificationForm",
    "RecordFilterForm",
    "RecordForm",
    "ServiceFilterForm",
    "TestingFieldField",
    "TestingInfoForm",
    "TestingTermsForm",
]
