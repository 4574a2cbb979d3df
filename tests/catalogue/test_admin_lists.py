"""The catalogue's listings in the Wagtail admin: what staff read costs no query per row."""

import pytest

from catalogue.models import InstrumentClass, TestingField
from tests.conftest import signed_in
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    QualificationFactory,
    TestingServiceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "factory",
    [InstrumentFactory, QualificationFactory, CapabilityFactory, TestingServiceFactory, LabServiceFactory],
)
def test_a_listing_of_records_costs_the_same_for_more_rows(factory, django_assert_max_num_queries):
    address = f"/admin/snippets/catalogue/{factory._meta.model._meta.model_name}/"
    client = signed_in(UserFactory(admin=True))
    first = factory()
    client.get(address)  # fills content types and the like
    with django_assert_max_num_queries(12) as one:
        client.get(address)
    factory.create_batch(3)
    with django_assert_max_num_queries(12) as four:
        response = client.get(address)
    assert len(four) == len(one)
    assert first.get_review_url() in response.content.decode()


@pytest.mark.parametrize("model", [InstrumentClass, TestingField])
def test_a_listing_of_a_classification_costs_no_query_per_node(model, django_assert_max_num_queries):
    address = f"/admin/snippets/catalogue/{model._meta.model_name}/"
    client = signed_in(UserFactory(admin=True))
    client.get(address)
    with django_assert_max_num_queries(12):
        response = client.get(address)
    assert len(response.context["object_list"]) > 50


@pytest.mark.parametrize("address", ["instrumentclass/delete/{}/", "bulk"])
def test_a_class_in_use_is_not_deleted_and_another_one_is(address):
    used = InstrumentFactory().instrument_class
    unused = InstrumentClass.objects.create(code="999999", name="多余的分类")
    client = signed_in(UserFactory(admin=True))
    for node, stays in ((used, True), (unused, False)):
        path = (
            f"/admin/bulk/catalogue/instrumentclass/delete/?id={node.pk}&next=/admin/snippets/catalogue/instrumentclass/"
            if address == "bulk"
            else f"/admin/snippets/catalogue/{address.format(node.pk)}"
        )
        response = client.post(path, follow=True)
        assert response.status_code == 200
        assert ("不能删除" in response.content.decode()) is stays
        assert InstrumentClass.objects.filter(pk=node.pk).exists() is stays
