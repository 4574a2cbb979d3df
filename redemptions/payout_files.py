"""The list for the treasury as .xlsx and CSV, and the template of the bank's result file. No cell is ever a formula."""

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from files.spreadsheets import Sheet, spreadsheet_response
from redemptions import result_files as columns
from redemptions.models import PayoutBatch, PayoutLine
from redemptions.services.accounts import plain
from redemptions.services.exports import total_of

HEADINGS = (
    columns.REFERENCE,
    "兑付编号",
    columns.PAYEE,
    "开户银行",
    "开户支行",
    "收款账号",
    columns.AMOUNT,
)
WIDTHS = (18, 18, 36, 22, 26, 26, 14)
# What a spreadsheet takes for a formula at the head of a cell.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def treasury_workbook(batch: PayoutBatch, lines: Sequence[PayoutLine]) -> HttpResponseBase:
    """Account numbers are text: no spreadsheet rounds them."""
    sheet = Sheet(_("拨付清单"), HEADINGS, [*_rows(lines), _control(batch, lines)], WIDTHS)
    return spreadsheet_response(name=file_name(batch), sheets=[sheet])


def treasury_csv(batch: PayoutBatch, lines: Sequence[PayoutLine]) -> HttpResponse:
    """In UTF-8 with a mark at its beginning, as spreadsheets want it; lines end as RFC 4180 has them."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in (HEADINGS, *_rows(lines), _control(batch, lines)):
        writer.writerow([_guarded(cell) for cell in row])
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    return _private(response, f"{file_name(batch)}.csv")


def result_template(batch: PayoutBatch, lines: Sequence[PayoutLine]) -> HttpResponseBase:
    """What the bank fills in. Without account numbers."""
    rows: list[list[Any]] = [[line.reference, line.payee_name, line.amount, "", "", "", ""] for line in lines]
    sheet = Sheet(
        columns.SHEET, columns.COLUMNS, [*rows, _control(batch, lines)], (18, 36, 14, 10, 14, 24, 30)
    )
    return spreadsheet_response(name=_("%s银行结果") % batch.number, sheets=[sheet])


def file_name(batch: PayoutBatch) -> str:
    return _("拨付清单 %s") % batch.number


def _rows(lines: Sequence[PayoutLine]) -> Iterator[list[Any]]:
    for line in lines:
        account = [line.payee_name, line.bank_name, line.bank_branch, plain(line.account_number)]
        yield [line.reference, line.redemption.number, *account, line.amount]


def _control(batch: PayoutBatch, lines: Sequence[PayoutLine]) -> list[Any]:
    total = f"{total_of(lines):.2f}"
    return [
        columns.CONTROL,
        columns.COUNT,
        str(len(lines)),
        columns.TOTAL,
        total,
        columns.HASH,
        batch.export_hash,
    ]


def _guarded(cell: Any) -> str:
    text = f"{cell:.2f}" if isinstance(cell, Decimal) else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _private(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
