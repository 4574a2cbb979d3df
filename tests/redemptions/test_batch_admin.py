"""Batches in the admin: each step asked for once more with its sums; auditors read."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from redemptions.models import BankResult, ClawBack, Objection, PayoutBatch, PayoutLine
from redemptions.services import results
from redemptions.services.objections import object_to
from tests.conftest import signed_in
from tests.consumer_factories import ACCOUNT_NUMBER, payer
from tests.factories import auditor
from tests.payout_factories import a_batch, an_inspector, import_csv, result_csv, result_rows, the_payer
from tests.redemption_factories import a_claim, the_checker, the_decider
from tests.voucher_factories import manager
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
MAKE = "/admin/batches/make/"


def page_of(batch):
    return reverse("redemptions_payoutbatch_modeladmin_inspect", args=[batch.pk])


def text(response):
    return response.content.decode()


def test_made_from_what_was_chosen_after_a_question_with_the_sum():
    first, second = a_claim("approved"), a_claim("approved")
    client = signed_in(the_payer())
    assert "可编入批次的有 2 笔，合计 900 元" in text(client.get(MAKE))
    assert "请至少选择一笔兑付申请。" in text(client.post(MAKE, {}))
    asked = text(client.post(MAKE, {"redemption": [first.pk]}))
    assert "确定把 1 笔兑付编成一个批次吗？合计 450 元。" in asked
    assert not PayoutBatch.objects.exists()
    confirmed = {"redemption": [first.pk], "expected_amount": "450.00", "confirmed": "1"}
    done = client.post(MAKE, confirmed, follow=True)
    batch = PayoutBatch.objects.get()
    assert f"已编制{batch}：抽查 1 笔。" in text(done)
    assert batch.payouts.get().redemption == first
    late = client.post(MAKE, confirmed | {"redemption": [first.pk, second.pk]})
    assert late.status_code == 422
    assert PayoutBatch.objects.count() == 1


def test_the_way_of_a_batch_by_its_buttons():
    batch = a_batch(claims=2, percent=50, inspected=False)
    client = signed_in(the_payer())
    step = f"/admin/batches/{batch.pk}/publish/step/"
    asked = text(client.get(step))
    assert f"{batch}：2 笔，合计 900 元。确定公示这个批次吗？公示 7 天" in asked
    assert "抽中的明细还没有抽查" in text(client.post(step))
    line = batch.payouts.get(is_drawn=True)
    inspector = signed_in(an_inspector())
    assert f"/admin/batches/lines/{line.pk}/inspect/" in text(inspector.get(page_of(batch)))
    done = inspector.post(
        f"/admin/batches/lines/{line.pk}/inspect/", {"passed": "yes", "note": "相符。"}, follow=True
    )
    assert f"已记录 {line.reference} 的抽查结果。" in text(done)
    assert "已办理：批次现在是“公示中”。" in text(client.post(step, follow=True))
    page = text(client.get(page_of(batch)))
    assert "含当天），次日起才能结束公示" in page
    assert "•••• " + ACCOUNT_NUMBER[-4:] in page
    assert ACCOUNT_NUMBER not in page


def test_without_publicity_nobody_is_asked_to_make_it_public():
    batch = a_batch(claims=1, days=0)
    asked = text(signed_in(the_payer()).get(f"/admin/batches/{batch.pk}/publish/step/"))
    assert "1 笔，合计 450 元。这个批次不需要公示，办理后就可以导出拨付清单" in asked


def test_exported_and_downloaded_on_record():
    batch = a_batch("ready", claims=2)
    client = signed_in(the_payer())
    done = client.post(f"/admin/batches/{batch.pk}/export/step/", follow=True)
    assert "已导出：批次现在是“待银行结果”。请下载清单。" in text(done)
    batch.refresh_from_db()
    rows = list(
        csv.reader(
            io.StringIO(client.post(f"/admin/batches/{batch.pk}/csv/file/").content.decode("utf-8-sig"))
        )
    )
    assert rows[0] == ["拨付编号", "兑付编号", "收款账户名称", "开户银行", "开户支行", "收款账号", "金额"]
    assert rows[1][5:] == [ACCOUNT_NUMBER, "450.00"]
    assert rows[-1] == ["控制行", "笔数", "2", "合计", "900.00", "校验值", batch.export_hash]
    response = client.post(f"/admin/batches/{batch.pk}/xlsx/file/")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert (sheet["F2"].value, sheet["F2"].data_type) == (ACCOUNT_NUMBER, "s")
    assert "no-store" in response["Cache-Control"]
    taken = AuditEntry.objects.of(batch).filter(action="view_bank")
    assert taken.count() == 2
    assert client.get(f"/admin/batches/{batch.pk}/csv/file/").status_code == 405


def test_names_are_no_formulas():
    batch = a_batch("ready", claims=1)
    line = batch.payouts.get()
    for row in (line.redemption, line.redemption.consumer):
        name = "payee_name" if row == line.redemption else "bank_account_name"
        setattr(row, name, "=cmd|'/C calc'!A0")
        row.save(update_fields=[name])
    PayoutLine.objects.update(payee_name="=cmd|'/C calc'!A0")
    client = signed_in(the_payer())
    client.post(f"/admin/batches/{batch.pk}/export/step/")
    assert "\"'=cmd" in text(client.post(f"/admin/batches/{batch.pk}/csv/file/")) or ",'=cmd" in text(
        client.post(f"/admin/batches/{batch.pk}/csv/file/")
    )
    response = client.post(f"/admin/batches/{batch.pk}/xlsx/file/")
    cell = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active["C2"]
    assert (cell.value, cell.data_type) == ("=cmd|'/C calc'!A0", "s")
    batch.refresh_from_db()
    rows = result_rows(batch)
    rows[0][1] = "'" + rows[0][1]
    assert import_csv(batch, result_csv(batch, rows)).paid == 1


def upload(client, batch, content, name="结果.csv"):
    file = SimpleUploadedFile(name, content)
    return client.post(f"/admin/batches/{batch.pk}/result/", {"file": file}, follow=True)


def test_a_file_with_problems_says_all_of_them_by_row():
    batch = a_batch("exported", claims=2)
    client = signed_in(the_payer())
    rows = result_rows(batch)
    rows[0][2], rows[1][1] = "450.01", "别的公司"
    answer = upload(client, batch, result_csv(batch, rows))
    assert answer.status_code == 422
    page = text(answer)
    assert "文件有 3 处问题，没有导入" in page
    assert "第 2 行：" in page
    assert "第 3 行：" in page
    assert not BankResult.objects.exists()
    done = upload(client, batch, result_csv(batch, failed=[2]))
    assert "已导入。成功 1 笔，失败 1 笔。" in text(done)
    assert "每笔结果只记一次，没有重复拨付。" in text(upload(client, batch, result_csv(batch, failed=[2])))
    assert "请选择银行结果文件。" in text(client.post(f"/admin/batches/{batch.pk}/result/"))


def test_the_template_filled_in_is_a_result_file():
    batch = a_batch("exported", claims=1)
    client = signed_in(the_payer())
    response = client.post(f"/admin/batches/{batch.pk}/template/file/")
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    today = result_rows(batch)[0][4]
    for column, value in zip("DEF", ["成功", today, "B1"], strict=True):
        book.active[f"{column}2"] = value
    file = io.BytesIO()
    book.save(file)
    assert "已导入。成功 1 笔" in text(upload(client, batch, file.getvalue(), "结果.xlsx"))


def test_an_interrupted_file_is_gone_on_with_by_hand():
    batch = a_batch("exported", claims=1)
    result = results.keep_result(batch=batch, actor=the_payer(), name="a.csv", content=result_csv(batch))
    client = signed_in(payer())
    assert "处理中断" in text(client.get(page_of(batch)))
    done = client.post(f"/admin/batches/results/{result.pk}/resume/", follow=True)
    assert "已处理。成功 1 笔，失败 0 笔。" in text(done)


def test_objections_are_answered_on_the_batch():
    batch = a_batch("published", claims=1)
    objection = object_to(line=batch.payouts.get(), name="李某", contact="138", text="有关联。")
    client = signed_in(the_decider())
    address = f"/admin/batches/objections/{objection.pk}/"
    assert address in text(client.get(page_of(batch)))
    assert "有关联。" in text(client.get(address))
    done = client.post(address, {"verdict": "return", "answer": "属实。"}, follow=True)
    assert "已处理这份异议" in text(done)
    assert Objection.objects.get().is_upheld
    assert "这份异议已经处理过了。" in text(client.get(address, follow=True))


def test_a_claw_back_is_proposed_and_confirmed_by_another():
    batch = a_batch("exported", claims=1)
    import_csv(batch, result_csv(batch))
    line = batch.payouts.get()
    first, second = signed_in(the_payer()), signed_in(payer())
    address = f"/admin/redemptions/{line.redemption_id}/claw-back/"
    assert "最多可追回 450 元" in text(first.get(address))
    first.post(address, {"amount": "100", "reason": "发票作废。"})
    claw_back = ClawBack.objects.get()
    confirm = f"/admin/claw-backs/{claw_back.pk}/confirm/"
    assert "这笔追回是您提出的" in text(first.post(confirm))
    assert "已追回 100 元。" in text(second.post(confirm, follow=True))
    assert "发票作废。" in text(first.get(page_of(batch)))


def test_lines_leave_with_a_reason():
    batch = a_batch(claims=2)
    line = batch.payouts.first()
    client = signed_in(the_payer())
    address = f"/admin/batches/lines/{line.pk}/leave/"
    assert "请填写原因。" in text(client.post(address, {}))
    assert f"已移出 {line.reference}。" in text(client.post(address, {"reason": "待核实。"}, follow=True))


def test_auditors_managers_and_checkers_read_and_do_nothing():
    batch = a_batch("exported", claims=1)
    result = results.keep_result(batch=batch, actor=the_payer(), name="a.csv", content=result_csv(batch))
    line = batch.payouts.get()
    steps = AuditEntry.objects.count()
    for actor in (auditor(), manager(), the_checker()):
        client = signed_in(actor)
        page = text(client.get(page_of(batch)))
        assert batch.export_hash in page
        for word in ("导入银行结果</a>", "下载清单", "移出</a>", "继续处理"):
            assert word not in page
        for address in (
            MAKE,
            f"/admin/batches/{batch.pk}/publish/step/",
            f"/admin/batches/{batch.pk}/csv/file/",
            f"/admin/batches/{batch.pk}/result/",
            f"/admin/batches/results/{result.pk}/resume/",
            f"/admin/batches/lines/{line.pk}/leave/",
            f"/admin/redemptions/{line.redemption_id}/claw-back/",
        ):
            assert client.post(address).headers["Location"] == "/admin/", address
    assert AuditEntry.objects.count() == steps


def test_the_ledger_finds_batches_and_exports_them():
    batch = a_batch(claims=2)
    client = signed_in(auditor())
    index = reverse("redemptions_payoutbatch_modeladmin_index")
    for word in (batch.number, str(batch.year), batch.payouts.first().redemption.number):
        assert str(batch) in text(client.get(index, {"q": word}))
    assert str(batch) not in text(client.get(index, {"q": "1999-001"}))
    assert client.get(index, {"export": "xlsx"}).status_code == 200
    assert client.get(index, {"status": "draft", "year": batch.year}).status_code == 200


def test_pages_take_few_queries_however_many_lines(django_assert_num_queries):
    batch = a_batch(claims=3, percent=50)
    client = signed_in(the_payer())
    client.get(page_of(batch))
    with django_assert_num_queries(15):
        client.get(page_of(batch))
    index = reverse("redemptions_payoutbatch_modeladmin_index")
    with django_assert_num_queries(11):
        client.get(index)
    a_claim("approved")
    a_claim("approved")
    with django_assert_num_queries(9):
        client.get(MAKE)
