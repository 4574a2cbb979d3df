"""Attributes in workbooks: what staff change later never makes a stored value a fault."""

import pytest

from catalogue.models import AttributeDefinition, Instrument
from tests.catalogue.workbooks import counts, faults, filled, imported, instrument_row
from tests.factories import AttributeFactory, ProviderFactory

pytestmark = pytest.mark.django_db


def test_an_option_that_is_gone_is_accepted_where_it_is_stored_only(django_capture_on_commit_callbacks):
    provider = ProviderFactory(approved=True)
    source = AttributeFactory(
        name="离子源", unit="", kind="choice", choices="EI\nCI\nESI", instrument_class_id="010200"
    )
    mass = AttributeFactory(name="分辨率", unit="", instrument_class_id="010200")

    def bring(*rows):
        workbook = filled("instruments", provider, rows)
        return imported("instruments", provider, workbook, django_capture_on_commit_callbacks)

    assert counts(bring(instrument_row(离子源="CI", 分辨率=0.1 + 0.2))) == (1, 0, 0, 0)
    AttributeDefinition.objects.filter(pk=source.pk).update(choices="EI\nESI")
    job = bring(
        instrument_row(离子源="CI", 规格型号="8890"), instrument_row(单位内部编号="YQ-002", 离子源="CI")
    )
    assert counts(job) == (0, 1, 0, 1)
    assert faults(job)[0][2] == "“离子源”没有“CI”这个选项，可选：EI、ESI。"
    stored = Instrument.objects.get()
    assert (stored.model, stored.attributes) == ("8890", {source.key: "CI", mass.key: "0.3"})
