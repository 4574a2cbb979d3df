"""The text of a printed 数电票 (or an earlier e-invoice) in a PDF, by its labels.

Issuers write labels and values in any order and in any number of pieces, so the pieces are put back into lines by
where they stand. A value is taken only where one label has one value; parties only in the layout of 数电票, the buyer
on the left and the seller on the right of one line.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from orders.invoices import values
from orders.invoices.fields import InvoiceFields

if TYPE_CHECKING:
    from orders.invoices.decoder import Run

# As in the decoder, where pieces are put together that follow each other.
APART = 0.35
# Between pieces of a line that stand apart.
GAP = "\t"
# Not brackets: names keep theirs as printed.
_NARROW = str.maketrans("：￥／", ":¥/")
_NUMBER = re.compile(r"发票号码:\t?(\d{20}|\d{8})(?!\d)", re.ASCII)
_CODE = re.compile(r"发票代码:\t?(\d{12}|\d{10})(?!\d)", re.ASCII)
_DAY = re.compile(r"开票日期:\t?(\d{4}\t?年\t?\d{1,2}\t?月\t?\d{1,2}\t?日)", re.ASCII)
_CHECK = re.compile(r"校验码:\t?((?:\d\t?){20})(?!\d)", re.ASCII)
_TOTAL = re.compile(r"[(（]小写[)）]\t?¥\t?(-?[\d,]+\.\d{2})(?![\d.])", re.ASCII)
_NET = re.compile(r"(?:^|\t)合\t?计\t?¥\t?(-?[\d,]+\.\d{2})(?![\d.])", re.ASCII)
# 购买方信息 and 销售方信息 stand upright beside the names; a letter of them may touch the label.
_NAME = re.compile(r"(?:^|\t)[购买销售方信息]?名称:\t?([^\t]*)")
_TAXPAYER = re.compile(r"纳税人识别号:\t?([0-9A-Z]{15,20})?(?=\t|$)", re.ASCII)


def read_pages(pages: "Iterable[Sequence[Run]]") -> list[InvoiceFields]:
    """What the pages say: one entry, or one for each number where there are several invoices."""
    lines = [line for page in pages for line in _lines(page)]
    numbers = _found(_NUMBER, lines)
    if len(numbers) > 1:
        return [InvoiceFields(number=number) for number in numbers]
    number = numbers[0] if numbers else ""
    buyer_name, seller_name = _pair(_NAME, lines) if len(number) == 20 else ("", "")
    buyer_code, seller_code = _pair(_TAXPAYER, lines) if len(number) == 20 else ("", "")
    found = InvoiceFields(
        number=number,
        code=_only(_CODE, lines),
        issued_on=values.day(_only(_DAY, lines)),
        check_code=_only(_CHECK, lines),
        seller_name=values.name(seller_name),
        seller_code=values.taxpayer_code(seller_code),
        buyer_name=values.name(buyer_name),
        buyer_code=values.taxpayer_code(buyer_code),
        total_amount=values.amount(_only(_TOTAL, lines)),
        net_amount=values.amount(_only(_NET, lines)),
    )
    # amounts and dates without a number: some other paper
    return [found] if number else []


def _found(pattern: re.Pattern[str], lines: list[str]) -> list[str]:
    found = (match.replace(GAP, "") for line in lines for match in pattern.findall(line))
    return list(dict.fromkeys(found))


def _only(pattern: re.Pattern[str], lines: list[str]) -> str:
    found = _found(pattern, lines)
    return found[0] if len(found) == 1 else ""


def _pair(pattern: re.Pattern[str], lines: list[str]) -> tuple[str, str]:
    """The two values of a label that stands twice on one line, always the same; else nothing."""
    pairs = {(found[0], found[1]) for line in lines if len(found := pattern.findall(line)) == 2}
    return pairs.pop() if len(pairs) == 1 else ("", "")


def _lines(runs: "Sequence[Run]") -> list[str]:
    """The lines of a page from top to bottom, half-width, with GAP where pieces stand apart."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=_middle, reverse=True):
        if lines and _middle(lines[-1][0]) - _middle(run) < 0.5 * min(_height(lines[-1][0]), _height(run)):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [_joined(sorted(line, key=lambda run: run[0])) for line in lines]


def _joined(line: "list[Run]") -> str:
    text, end = "", line[0][0]
    for run in line:
        text += (GAP if text and run[0] - end > APART * _height(run) else "") + run[4]
        end = max(end, run[2])
    return values.plain_radicals(text).translate(_NARROW)


def _middle(run: "Run") -> float:
    return (run[1] + run[3]) / 2


def _height(run: "Run") -> float:
    return max(run[3] - run[1], 0.1)
