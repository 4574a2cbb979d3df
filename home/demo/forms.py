"""The files behind downloads and attachments: small real workbooks, texts and one PDF, the same bytes every time."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from django.core.files.base import ContentFile
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument

from accounts.models import User

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MADE = (2026, 1, 5, 9, 0, 0)
PROPERTIES = "docProps/core.xml"
THIN = Side(style="thin", color="999999")


def _package(parts: dict[str, bytes]) -> bytes:
    """A zip with the same time on every part, so that the same parts are the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, MADE), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def workbook(title: str, rows: tuple[tuple[str, ...], ...], columns: tuple[str, ...] = ()) -> bytes:
    """A form: its title, then either labels with what to fill in, or columns with empty rows to fill."""
    book = Workbook()
    sheet = book.active
    sheet.title = "表格"
    width = max(2, len(columns))
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A1"].alignment = Alignment(horizontal="center")
    for row in (*rows, *((columns, *[("",) * width] * 10) if columns else ())):
        sheet.append(list(row))
    for row in sheet.iter_rows(min_row=2, max_col=width):
        for cell in row:
            cell.border = Border(THIN, THIN, THIN, THIN)
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            if cell.column == 1 and not columns:
                cell.fill = PatternFill("solid", fgColor="E3EDF8")
    for number in range(width):
        sheet.column_dimensions["ABCDEFGH"[number]].width = 22 if columns or number == 0 else 60
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    # the time of saving, which nobody reads
    parts[PROPERTIES] = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2026-01-05T09:00:00Z", parts[PROPERTIES])
    return _package(parts)


def letter(title: str, paragraphs: tuple[str, ...]) -> bytes:
    """A Word document of a title and paragraphs."""
    body = _paragraph(title, '<w:jc w:val="center"/>', '<w:b/><w:sz w:val="32"/>')
    body += "".join(_paragraph(text, "", '<w:sz w:val="24"/>') for text in paragraphs)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return _package(
        {
            "[Content_Types].xml": (
                f'{head}<Types xmlns="{TYPES}"><Default Extension="rels" '
                'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
            ).encode(),
            "_rels/.rels": (
                f'{head}<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
                f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
            ).encode(),
            "word/document.xml": (
                f'{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
            ).encode(),
        }
    )


def _paragraph(text: str, layout: str, run: str) -> str:
    return (
        f"<w:p><w:pPr>{layout}</w:pPr><w:r><w:rPr>{run}</w:rPr>"
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def pdf(title: str, lines: tuple[str, ...]) -> bytes:
    """One page in a Chinese font that PDF readers bring along, so that none has to be embedded."""
    texts = [f"/F 18 Tf 72 770 Td <{title.encode('utf-16-be').hex()}> Tj /F 12 Tf 0 -36 Td"]
    texts += [f"<{line.encode('utf-16-be').hex()}> Tj 0 -24 Td" for line in lines]
    stream = f"BT {' '.join(texts)} ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R /DW 1000 "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        f"{out}xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    ).encode("ascii")


@dataclass(frozen=True)
class Form:
    """A file of the download centre; ``topic`` is a slug."""

    key: str
    title: str
    extension: str
    topic: str
    note: str
    content: Callable[[], bytes]


FORMS = (
    Form("inclusion-checklist", "接券机构入库材料清单", "docx", "institution", "提交前逐项核对，一次填对。", lambda: letter(
        "接券机构入库材料清单", (
            "一、依托单位证照扫描件，四角完整、字迹清晰，在有效期内。", "二、单位 Logo 或代表性照片，如门牌、办公楼。",
            "三、检测机构名称与依托单位不同的，提供隶属关系证明。", "四、对外服务管理制度。",
            "五、至少一台（套）原值 20 万元以上仪器的信息、照片和收费标准。"))),
    Form("staff-plan", "创新券工作责任分工表", "xlsx", "institution", "用券前六项准备之一：把责任落实到人。", lambda: workbook(
        "创新券工作责任分工表", (), ("环节", "责任人", "电话", "时限"))),
    Form("project-statement", "创新项目情况说明表", "xlsx", "apply", "具有创新项目的单位填写，一个项目一张。", lambda: workbook(
        "创新项目情况说明表", (
            ("项目名称", ""), ("起止时间", ""), ("项目负责人", ""), ("经费预算（元）", ""), ("资金来源", "财政资金 / 自有资金 / 其他"),
            ("主要研究内容", ""), ("需要的检测或实验", ""), ("拟解决的问题", "")))),
    Form("service-contract", "技术服务合同（参考文本）", "docx", "order", "可按双方约定修改；关键条款请勿删去。", lambda: letter(
        "技术服务合同（参考文本）", (
            "甲方（用券机构）：", "乙方（接券机构）：", "一、服务内容：写明样品、项目、依据的标准或方法。", "二、数量与价格：单价、总价，含税。",
            "三、完成时限：自收样之日起　　个工作日。", "四、成果：检测报告　　份，有编号、签发人和日期。",
            "五、双方声明不存在隶属、共建、产权等关联关系。", "甲方（盖章）　　　　　　　　乙方（盖章）"))),
    Form("usage-report", "创新券使用情况报告表", "xlsx", "redeem", "申请兑付时填写，与合同、发票、报告一并上传。", lambda: workbook(
        "创新券使用情况报告表", (), ("服务名称", "接券机构", "合同金额（元）", "发票号码", "开票日期", "报告编号", "取得的成效"))),
    Form("redeem-checklist", "兑付材料核对要点", "pdf", "redeem", "一页纸：单位名称、金额、日期三个一致。", lambda: pdf(
        "兑付材料核对要点", (
            "1. 发票购买方是用券机构，销售方是接券机构或其依托单位。", "2. 开票日期在创新券有效期内。", "3. 合同双方盖章，内容与报告对应。",
            "4. 报告有编号、签发人和日期。", "5. 同一张发票只能使用一次。"))),
)  # fmt: skip


def load_forms(*, owner: User) -> dict[str, AbstractDocument]:
    """The documents by key, made where there is none of that title."""
    model = get_document_model()
    documents = {
        document.title: document for document in model.objects.filter(title__in=[f.title for f in FORMS])
    }
    for form in FORMS:
        if form.title not in documents:
            content = form.content()
            documents[form.title] = model.objects.create(
                title=form.title,
                file=ContentFile(content, name=f"{form.key}.{form.extension}"),
                file_size=len(content),
                file_hash=hashlib.sha1(content, usedforsecurity=False).hexdigest(),
                uploaded_by_user=owner,
            )
    return {form.key: documents[form.title] for form in FORMS}
