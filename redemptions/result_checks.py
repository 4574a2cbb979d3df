"""What the bank's file says against what was exported: everything that is wrong at once, by row. It writes nothing."""

import datetime
import re
import unicodedata
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.money import NOTHING, format_yuan
from redemptions import result_files as files
from redemptions.exceptions import FileProblems, RedemptionError
from redemptions.models import PayoutBatch, PayoutLine
from redemptions.result_files import FileRow, ResultFile
from redemptions.services.exports import exported_lines
from redemptions.statuses import BatchStatus, LineStatus

PAID, FAILED = "成功", "失败"
MONEY = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2}|\.[0-9]{2}0+)?", re.ASCII)
DAY = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?", re.ASCII)
MOST_PROBLEMS = 100

# [position, amount, paid, date, bank reference, failure], as BankResult keeps it
Row = list[Any]


def checked_rows(batch: PayoutBatch, file: ResultFile) -> list[Row]:
    """What is to be applied. Raises FileProblems with all that is wrong. Not every line need be in the file."""
    require(
        batch.exported_at is not None and batch.status in {BatchStatus.EXPORTED, BatchStatus.DONE},
        RedemptionError(_("%s还没有导出拨付清单，不能导入银行结果。") % batch),
    )
    control = file.control.get(files.HASH, "")
    require(
        control == batch.export_hash,
        RedemptionError(
            _("文件的校验值与%s的不一致：这是另一个批次的文件，或者清单被改动过。请核对。") % batch
        ),
    )
    require(bool(file.rows), RedemptionError(_("文件里没有拨付明细。请核对文件。")))
    check = _Check(batch, file)
    rows = [check.row(row) for row in file.rows]
    check.control()
    require(not check.problems, FileProblems(check.problems[:MOST_PROBLEMS]))
    require(
        check.has_news,
        RedemptionError(_("文件里的 %d 笔都已记过同样的结果，没有重复记账。") % len(rows)),
    )
    return rows


class _Check:
    def __init__(self, batch: PayoutBatch, file: ResultFile) -> None:
        self.batch, self.file = batch, file
        self.lines = {line.reference: line for line in exported_lines(batch)}
        self.first: dict[str, int] = {}
        self.banked: dict[str, int] = {}
        self.total = NOTHING
        self.problems: list[str] = []
        self.has_news = False
        self.today = timezone.localdate()
        self.exported_on = timezone.localdate(batch.exported_at)

    def say(self, row: FileRow, sentence: str) -> None:
        self.problems.append(
            _("第 %(number)d 行：%(sentence)s") % {"number": row.number, "sentence": sentence}
        )

    def row(self, row: FileRow) -> Row:
        reference = row[files.REFERENCE]
        amount = money(row[files.AMOUNT])
        self.total += amount or NOTHING
        line = self.lines.get(reference)
        if line is None:
            self.say(row, self._unknown(reference))
        elif reference in self.first:
            values = {"reference": reference, "first": self.first[reference]}
            self.say(row, _("%(reference)s 在第 %(first)d 行已经出现过，重复了。") % values)
        else:
            self._against(row, line, amount)
        self.first.setdefault(reference, row.number)
        is_paid, day = self._result(row), self._day(row)
        if line is not None and line.status != LineStatus.WAITING:
            self._against_known(row, line, is_paid, day)
        else:
            self.has_news = True
        return [
            line.position if line else 0,
            str(amount or ""),
            is_paid,
            day.isoformat() if day else "",
            row[files.BANK_REFERENCE][:60],
            "" if is_paid else row[files.FAILURE][:200],
        ]

    def control(self) -> None:
        """The control line is over the file's own rows: a file of a part has that part's."""
        count, total = self.file.control.get(files.COUNT, ""), money(self.file.control.get(files.TOTAL, ""))
        if count != str(len(self.file.rows)):
            self.problems.append(
                _("控制行写的是 %(said)s 笔，文件里有 %(found)d 笔，文件可能不完整。请重新取得。")
                % {"said": count or _("空"), "found": len(self.file.rows)}
            )
        if total != self.total:
            self.problems.append(
                _("控制行的合计是 %(said)s 元，各行加起来是 %(found)s 元，不一致。请重新取得文件。")
                % {"said": _("空") if total is None else format_yuan(total), "found": format_yuan(self.total)}
            )

    def _unknown(self, reference: str) -> str:
        if not reference:
            return _("没有拨付编号。")
        return _("%(reference)s 不在%(batch)s导出的清单里。") % {
            "reference": reference[:40],
            "batch": self.batch,
        }

    def _against(self, row: FileRow, line: PayoutLine, amount: Decimal | None) -> None:
        if amount is None:
            self.say(row, _("金额“%s”不是最多两位小数的数字。") % row[files.AMOUNT][:40])
        elif amount != line.amount:
            self.say(
                row,
                _("%(reference)s 的金额是 %(said)s 元，清单是 %(exported)s 元，不一致。")
                % {
                    "reference": line.reference,
                    "said": format_yuan(amount),
                    "exported": format_yuan(line.amount),
                },
            )
        if same_name(row[files.PAYEE]) != same_name(line.payee_name):
            self.say(
                row,
                _("%(reference)s 的收款账户名称是“%(said)s”，清单是“%(exported)s”，不一致。")
                % {
                    "reference": line.reference,
                    "said": row[files.PAYEE][:100],
                    "exported": line.payee_name,
                },
            )

    def _result(self, row: FileRow) -> bool:
        """Whether it says that it was paid."""
        said = row[files.RESULT]
        if said not in {PAID, FAILED}:
            self.say(row, _("结果“%s”应为“成功”或“失败”。") % said[:20])
        elif said == FAILED and not row[files.FAILURE]:
            self.say(row, _("结果是“失败”，但没有写失败原因。"))
        elif said == PAID:
            self._bank_reference(row)
        return said == PAID

    def _bank_reference(self, row: FileRow) -> None:
        reference = row[files.BANK_REFERENCE]
        if not reference:
            self.say(row, _("结果是“成功”，但没有银行流水号。"))
        elif len(reference) > 60:
            self.say(row, _("银行流水号超过 60 字。"))
        elif reference in self.banked:
            values = {"reference": reference, "first": self.banked[reference]}
            self.say(row, _("银行流水号 %(reference)s 与第 %(first)d 行的相同。") % values)
        self.banked.setdefault(reference, row.number)

    def _day(self, row: FileRow) -> datetime.date | None:
        """Needed of what was paid; looked at wherever it is given."""
        text = row[files.PAID_ON]
        day = date_of(text)
        if day is None:
            if text:
                self.say(row, _("拨付日期“%s”不是日期，请写成 2026-06-30。") % text[:20])
            elif row[files.RESULT] == PAID:
                self.say(row, _("结果是“成功”，但没有拨付日期。"))
        elif day > self.today:
            self.say(row, _("拨付日期 %s 在今天以后。") % day)
        elif day < self.exported_on:
            self.say(
                row,
                _("拨付日期 %(day)s 早于清单导出的日期 %(exported)s。")
                % {"day": day, "exported": self.exported_on},
            )
        return day

    def _against_known(
        self, row: FileRow, line: PayoutLine, is_paid: bool, day: datetime.date | None
    ) -> None:
        """The bank may send a line again, but not say something else of it."""
        same = (line.status == LineStatus.PAID) == is_paid
        if same and is_paid:
            same = (line.paid_on, line.bank_reference) == (day, row[files.BANK_REFERENCE])
        if not same:
            self.say(
                row,
                _("%(reference)s 此前已记为“%(status)s”，与文件不一致。请与银行核对。")
                % {"reference": line.reference, "status": line.get_status_display()},
            )


def money(text: str) -> Decimal | None:
    """Yuan to the fen, with or without separators; None for anything else."""
    plain = text.replace(",", "").removeprefix("¥").removeprefix("￥")
    return Decimal(plain).quantize(NOTHING) if MONEY.fullmatch(plain) else None


def date_of(text: str) -> datetime.date | None:
    match = DAY.fullmatch(text)
    try:
        return datetime.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def same_name(name: str) -> str:
    """Full-width brackets and spaces are no other name."""
    return "".join(unicodedata.normalize("NFKC", name).split())
