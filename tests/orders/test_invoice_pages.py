"""上传发票: read and confirmed, typed, refused, replaced."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from files.models import PrivateFile
from orders.models import Invoice, OrderDocument
from tests import order_factories as make
from tests.conftest import signed_in
from tests.factories import make_credit_code
from tests.files.conftest import pdf_bytes, upload
from tests.orders.invoices import samples
from tests.orders.papers import (
    NUMBER,
    address,
    errors,
    everything,
    first_step,
    kept,
    second_step,
    typed,
    xml_of,
)

pytestmark = pytest.mark.django_db


# invoices: read and confirmed


def test_what_an_original_says_is_shown_and_confirmed(buyer: Client, order: Any) -> None:
    response = first_step(buyer, order, xml_of(order), "发票.xml")
    initial = response.context["form"].initial
    page = response.content.decode()
    assert "以下内容读自：XML 原件" in page
    assert f'value="{NUMBER}"' in page
    assert 'value="2026-09-01"' in page
    assert "已读取的内容请与发票核对" in page
    assert not Invoice.objects.exists()
    values = {name: initial[name] for name in ("seller_name", "buyer_code", "amount")}
    assert values == {
        "seller_name": order.provider.host_name,
        "buyer_code": order.consumer.code,
        "amount": Decimal("900.00"),
    }

    response = buyer.post(address(order), typed(order) | kept(response))
    assert response.status_code == 302
    invoice = order.invoices.get()
    assert (invoice.number, invoice.code, invoice.issued_on, invoice.amount, invoice.source) == (
        NUMBER,
        "",
        datetime.date(2026, 9, 1),
        Decimal("900.00"),
        "xml",
    )
    assert PrivateFile.objects.filter(name="发票.xml").count() == 1
    assert invoice.file.name == "发票.xml"


def test_an_invoice_for_somebody_else_is_told_at_once(buyer: Client, order: Any) -> None:
    response = first_step(buyer, order, samples.DIGITAL_XML.encode(), "发票.xml")
    page = response.content.decode()
    assert f"销售方应是本订单的接券机构“{order.provider.host_name}”" in page
    assert f"购买方应是贵单位“{order.consumer.name}”" in page
    assert first_step(buyer, order).context["problems"] == []


def test_a_picture_is_read_by_its_code_and_the_rest_is_typed(buyer: Client, order: Any) -> None:
    response = first_step(buyer, order, samples.picture(samples.DIGITAL_QR), "发票.png")
    form = response.context["form"]
    assert form.initial["number"] == NUMBER
    assert "seller_code" not in form.initial
    assert "以下内容读自：图片中的二维码" in response.content.decode()
    amount = str(form.initial.get("amount", "900"))
    response = buyer.post(address(order), typed(order, amount=amount) | kept(response))
    assert response.status_code == 302
    assert order.invoices.get().source == "picture"


def test_what_was_changed_by_hand_does_not_count_as_read(buyer: Client, order: Any) -> None:
    response = first_step(buyer, order, xml_of(order), "发票.xml")
    buyer.post(address(order), typed(order, amount="901") | kept(response))
    invoice = order.invoices.get()
    assert (invoice.amount, invoice.source) == (Decimal("901.00"), "")


def test_what_was_read_of_another_file_or_never_does_not_count(buyer: Client, order: Any) -> None:
    read = kept(first_step(buyer, order, xml_of(order), "发票.xml"))
    other = kept(first_step(buyer, order))
    buyer.post(address(order), typed(order) | {**read, "file-kept": other["file-kept"]})
    assert order.invoices.get().source == ""
    invoice = order.invoices.get()
    fake = signing.dumps([invoice.file_id, "xml", {}], salt="something else")
    buyer.post(address(order, f"invoices/{invoice.pk}/replace/"), typed(order) | other | {"reading": fake})
    assert order.invoices.get(removed_at=None).source == ""


def test_where_nothing_was_read_all_is_typed(buyer: Client, order: Any) -> None:
    response = first_step(buyer, order)
    assert "没能从文件中读出发票内容，请照发票填写。" in response.content.decode()
    response = buyer.post(address(order), typed(order) | kept(response))
    assert response.url == order.get_centre_url()
    assert order.invoices.get().source == ""


def test_typing_by_hand_reads_nothing(buyer: Client, order: Any) -> None:
    response = first_step(buyer, order, xml_of(order), "发票.xml", by_hand="1")
    assert "number" not in response.context["form"].initial
    assert "请照发票填写以下内容。" in response.content.decode()


def test_another_file_in_the_second_step_is_read_in_its_turn(buyer: Client, order: Any) -> None:
    response = first_step(buyer, order)
    fields = typed(order, number="1", seller_name="写错了") | kept(response)
    response = buyer.post(address(order), fields | {"file": upload("发票.xml", xml_of(order))})
    initial = response.context["form"].initial
    assert (initial["number"], initial["seller_name"]) == (NUMBER, order.provider.host_name)
    assert response.context["file"].name == "发票.xml"
    assert not Invoice.objects.exists()


def test_a_file_that_is_refused_costs_nothing_that_was_typed(buyer: Client, order: Any) -> None:
    response = first_step(buyer, order)
    fields = typed(order, seller_name="尚未核对") | kept(response)
    response = buyer.post(address(order), fields | {"file": upload("发票.xml", b"<svg/>")})
    assert "file" in errors(response)
    page = response.content.decode()
    assert "尚未核对" in page
    assert f'name="file-kept" value="{response.context["token"]}"' in page
    assert response.context["file"].name == "发票.pdf"


def test_without_a_file_there_is_no_second_step(buyer: Client, order: Any) -> None:
    assert errors(buyer.post(address(order), {"x": "1"})) == {"file": ["请上传“发票文件”。"]}
    fields = typed(order)
    assert errors(buyer.post(address(order), fields)) == {"file": ["请上传“发票文件”。"]}


# invoices: bad input


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("number", "", "请填写“发票号码”。"),
        ("number", "1234567", "发票号码应为 20 位"),
        ("number", "061001900211", "12 位的是发票代码"),
        ("number", "2461700000001234567八", "发票号码只能是数字"),
        ("number", "9" * 5000, "最多 20 个字"),
        ("code", "12345", "发票代码应为 10 位或 12 位数字"),
        ("issued_on", "九月一日", "日期格式不对，应如 2021-06-30。"),
        ("issued_on", "2026-02-30", "日期格式不对，应如 2021-06-30。"),
        ("issued_on", "2999-01-01", "开票日期不能晚于今天"),
        ("amount", "壹万元", "请填写数字金额，单位元"),
        ("amount", "1,23.00", "请填写数字金额，单位元"),
        ("amount", "0", "金额应大于 0 元"),
        ("amount", "-900", "金额应大于 0 元"),
        ("amount", "NaN", "请填写数字金额，单位元"),
        ("amount", "1e5000", "金额"),
        ("amount", "900.005", "金额最多保留两位小数"),
        ("seller_name", "", "请填写“销售方名称”。"),
        ("seller_name", "长" * 101, "最多 100 个字"),
        ("seller_code", make_credit_code(77), "销售方应是本订单的接券机构"),
        ("buyer_code", make_credit_code(77), "购买方应是贵单位"),
        ("buyer_code", "x" * 30, "20"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    buyer: Client, order: Any, name: str, value: str, said: str
) -> None:
    response = second_step(buyer, order, **{name: value})
    found = errors(response)
    assert list(found) == [name]
    assert said in found[name][0]
    assert PrivateFile.objects.filter(name="发票.pdf").count() == 1


def test_what_is_wrong_is_said_all_at_once(buyer: Client, order: Any) -> None:
    wrong = {"number": "1", "issued_on": "x", "amount": "壹万元", "seller_code": make_credit_code(77)}
    assert list(errors(second_step(buyer, order, **wrong))) == [
        "number",
        "issued_on",
        "amount",
        "seller_code",
    ]


@pytest.mark.parametrize("side", ["provider", "consumer"])
def test_names_of_the_sides_are_text_in_the_form(buyer: Client, order: Any, side: str) -> None:
    names = {"provider": "host_name", "consumer": "name"}
    institution = getattr(order, side)
    type(institution).objects.filter(pk=institution.pk).update(**{names[side]: "<img src=x>甲"})
    page = first_step(buyer, order, xml_of(order), "发票.xml").content.decode()
    assert "<img src=x>" not in page
    assert "应为“&lt;img src=x&gt;甲”" in page


def test_eight_digits_need_a_code(buyer: Client, order: Any) -> None:
    found = errors(second_step(buyer, order, number="25577301"))
    assert list(found) == ["code"]
    assert "8 位号码的发票还有发票代码" in found["code"][0]


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("number", "２６６１ 7000 0000 1234 5678", NUMBER),
        ("issued_on", "2026年9月1日", datetime.date(2026, 9, 1)),
        ("issued_on", "２０２６／９／１", datetime.date(2026, 9, 1)),
        ("issued_on", "20260901", datetime.date(2026, 9, 1)),
        ("amount", "￥１，２３４．５０", Decimal("1234.50")),
        ("amount", "1,234.50 元", Decimal("1234.50")),
    ],
)
def test_what_is_unambiguous_is_understood(
    buyer: Client, order: Any, name: str, value: str, stored: Any
) -> None:
    assert second_step(buyer, order, **{name: value}).status_code == 302
    assert getattr(order.invoices.get(), name) == stored


def test_codes_in_any_spelling(buyer: Client, order: Any) -> None:
    spelled = " ".join(order.provider.host_code.lower())
    assert second_step(buyer, order, seller_code=spelled).status_code == 302
    assert order.invoices.get().seller_code == order.provider.host_code


def test_a_number_that_is_in_use_is_refused_at_its_field(buyer: Client, order: Any) -> None:
    assert second_step(buyer, order).status_code == 302
    before = everything()
    response = second_step(buyer, order)
    assert dict(response.context["form"].errors) == {
        "number": [f"发票 {NUMBER} 已在本平台使用过，同一张发票不能重复使用。请核对发票号码。"]
    }
    assert everything() == before


@pytest.mark.parametrize(
    "evil",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><EInvoice>&e;</EInvoice>',
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><EInvoice>&b;</EInvoice>',
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><EInvoice/>',
        b"<EInvoice><broken></EInvoice>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    ],
)
def test_hostile_xml_is_not_even_stored(buyer: Client, order: Any, evil: bytes) -> None:
    before = PrivateFile.objects.count()
    response = buyer.post(address(order), {"file": upload("发票.xml", evil)})
    assert list(errors(response)) == ["file"]
    assert "root:" not in response.content.decode()
    assert PrivateFile.objects.count() == before


def test_markup_in_an_invoice_stays_text(buyer: Client, order: Any) -> None:
    evil = xml_of(order, **{samples.BUYER: "&lt;script&gt;alert(1)&lt;/script&gt;"})
    page = first_step(buyer, order, evil, "发票.xml").content.decode()
    assert "<script>alert" not in page


def test_a_kept_token_of_another_account_is_refused(buyer: Client, order: Any) -> None:
    other = make.an_order("completed")
    stolen = kept(first_step(signed_in(other.consumer.account), other))
    response = buyer.post(address(order), typed(order) | stolen)
    assert errors(response) == {"file": ["刚才上传的文件已失效，请重新选择文件。"]}
    assert "seller_code" in response.context["form"].fields


# invoices: whose, when


def test_before_completion_there_is_nothing_to_upload() -> None:
    order = make.an_order("delivered")
    client = signed_in(order.consumer.account)
    assert "这一步已经不能办理" in client.get(address(order)).content.decode()
    for data in ({}, typed(order)):
        response = client.post(address(order), data | {"file": upload("发票.pdf", pdf_bytes())})
        assert "这一步已经不能办理" in response.content.decode()
    assert not PrivateFile.objects.filter(name="发票.pdf").exists()
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("rest", ["invoices/new/", "contract/"])
def test_the_provider_has_no_page_for_what_the_consumer_puts_up(
    seller: Client, order: Any, rest: str
) -> None:
    assert seller.get(address(order, rest)).status_code == 404
    assert seller.post(address(order, rest), {"file": upload("a.pdf", pdf_bytes())}).status_code == 404
    assert not OrderDocument.objects.exists()


def test_an_invoice_is_replaced_and_taken_away(buyer: Client, order: Any) -> None:
    old = make.an_invoice(order)
    new_number = "26617000000099999999"
    url = address(order, f"invoices/{old.pk}/replace/")
    response = buyer.post(url, {"file": upload("新.pdf", pdf_bytes())})
    assert buyer.post(url, typed(order, number=new_number) | kept(response)).status_code == 302
    assert buyer.get(url).status_code == 404  # it is no longer in use
    new = order.invoices.get(removed_at=None)
    assert new.number == new_number

    url = address(order, f"invoices/{new.pk}/remove/")
    assert new_number in buyer.get(url).content.decode()
    assert order.invoices.filter(removed_at=None).exists()
    assert buyer.post(url).url == order.get_centre_url()
    assert not order.invoices.filter(removed_at=None).exists()
    assert buyer.post(url).status_code == 404


def test_the_same_number_again_in_place_of_itself(buyer: Client, order: Any) -> None:
    old = make.an_invoice(order, number=NUMBER)
    url = address(order, f"invoices/{old.pk}/replace/")
    response = buyer.post(url, {"file": upload("新.pdf", pdf_bytes())})
    assert buyer.post(url, typed(order) | kept(response)).status_code == 302
    assert order.invoices.get(removed_at=None).pk != old.pk


@pytest.mark.parametrize("rest", ["replace/", "remove/"])
def test_invoices_of_other_orders_are_not_found(buyer: Client, order: Any, rest: str) -> None:
    theirs = make.an_invoice()
    mine_elsewhere = make.an_invoice(make.an_order("completed", consumer=order.consumer), number="2" * 20)
    before = everything()
    for url in (
        address(order, f"invoices/{theirs.pk}/{rest}"),
        address(theirs.order, f"invoices/{theirs.pk}/{rest}"),
        address(order, f"invoices/{mine_elsewhere.pk}/{rest}"),
        address(order, f"invoices/999999/{rest}"),
    ):
        assert buyer.get(url).status_code == 404
        assert buyer.post(url, {"file": upload("a.pdf", pdf_bytes())}).status_code == 404
    assert everything() == before
