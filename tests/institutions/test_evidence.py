"""What a reviewer is told of a provider's claims."""

import pytest

from tests.factories import InstrumentFactory, ProviderFactory, make_credit_code

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def evidence_of(provider):
    return {item.condition: (item.finding, item.holds) for item in provider.review_evidence()}


def test_a_provider_with_nothing_to_object_to():
    provider = ProviderFactory(approved=True, host_code=make_credit_code(7))
    provider.name = provider.host_name
    InstrumentFactory(provider=provider, original_value_amount=200_000)
    assert evidence_of(provider) == {
        "注册地址在省内": (f"统一社会信用代码 {provider.host_code}，登记地区代码属于本省", True),
        "拥有单台（套）200,000 元以上的仪器": ("已录入仪器中原值最高 200,000 元", True),
        "未重复登记": ("没有其他机构使用同一代码", True),
        "检测机构与依托单位的关系": ("名称一致", True),
    }


def test_a_code_from_elsewhere_and_instruments_too_small():
    provider = ProviderFactory(host_code=make_credit_code(7, region="440300"))
    InstrumentFactory(provider=provider, original_value_amount="199999.99")
    found = evidence_of(provider)
    assert found["注册地址在省内"] == (
        f"统一社会信用代码 {provider.host_code}，登记地区代码不属于本省",
        False,
    )
    assert found["拥有单台（套）200,000 元以上的仪器"] == ("已录入仪器中原值最高 199,999.99 元", False)
    assert found["检测机构与依托单位的关系"] == ("名称不同，未上传隶属关系证明", None)


def test_an_organisation_code_does_not_tell_the_place():
    provider = ProviderFactory(host_code="123456788")
    assert evidence_of(provider)["注册地址在省内"] == ("组织机构代码 123456788，登记地区代码无法判断", None)


def test_another_institution_with_the_same_code_is_named():
    first = ProviderFactory(name="分析测试中心")
    second = ProviderFactory(host_code=first.host_code)
    assert evidence_of(second)["未重复登记"] == (
        "同一代码另有机构登记：分析测试中心，请核对是否重复",
        None,
    )


def test_records_without_a_code_are_no_duplicates_of_each_other():
    first, _second = ProviderFactory(host_code=""), ProviderFactory(host_code="")
    assert evidence_of(first)["未重复登记"] == ("没有其他机构使用同一代码", True)
