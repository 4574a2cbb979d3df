"""Workbooks as people send them: a template filled in, or something that only looks like one."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from catalogue.exchange.importing import import_workbook
from catalogue.exchange.sheets import SubjectSheet
from catalogue.exchange.subjects import SUBJECTS
from catalogue.exchange.workbook import write_template
from catalogue.jobs import services
from catalogue.models import Job
from institutions.models import Provider

FIRST_ROW = 3  # below the example
INSTRUMENT_ROW: dict[str, Any] = {
    "单位内部编号": "YQ-001",
    "仪器名称": "气相色谱质谱联用仪",
    "仪器分类": "010200 质谱仪器",
    "规格型号": "7890B-5977A",
    "生产厂商": "安捷伦",
    "产地（国别）": "美国",
    "来源": "购置",
    "原值（元）": 860000,
    "启用日期": "2019-05-20",
    "安放城市": "西安市",
    "安放区县": "雁塔区",
    "安放地址": "科技路 1 号 3 号楼 201",
    "主要技术指标": "质量范围 1.6–1050 amu",
    "主要功能及应用范围": "挥发性有机物的定性与定量分析",
    "样品要求": "液体样品不少于 2 mL",
    "服务内容": "有机物成分分析",
    "参考价格（元）": 300,
    "计价单位": "样品",
    "服务时间": "工作日 8:30–17:30",
    "仪器负责人": "孙丽",
    "负责人电话": "13800001234",
}


def instrument_row(**changes: Any) -> dict[str, Any]:
    return INSTRUMENT_ROW | changes


def template(slug: str, provider: Provider) -> Workbook:
    file = io.BytesIO()
    write_template(file, SubjectSheet(SUBJECTS[slug], provider))
    file.seek(0)
    return load_workbook(file)


def filled(
    slug: str,
    provider: Provider,
    rows: Sequence[Mapping[str, Any]],
    *,
    edit: Callable[[Any], None] | None = None,
) -> bytes:
    """The template with the rows below its example; ``edit`` gets the sheet before it is saved."""
    book = template(slug, provider)
    sheet = book[SUBJECTS[slug].title]
    places = {title(cell.value): cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=FIRST_ROW):
        for name, value in row.items():
            sheet.cell(number, places[name], value)
    if edit is not None:
        edit(sheet)
    return saved(book)


def title(value: Any) -> str:
    return str(value).strip("*")


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        assert name in old.namelist()
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data) if entry.filename == name else data)
    return out.getvalue()


def as_excel_writes(
    rows: Sequence[Sequence[str]], *, names: Mapping[str, str] | None = None, book: str = ""
) -> bytes:
    """A minimal workbook of one sheet 仪器: texts in a part of their own, as Excel (and not openpyxl) has them.

    ``names`` renames parts; ``book`` goes into the properties of the workbook.
    """
    texts = list(dict.fromkeys(text for row in rows for text in row if text and not text.startswith("<")))
    strings = "".join(
        f"<si><r><t>{text[:1]}</t></r><r><rPr><b/></rPr><t xml:space='preserve'>{text[1:]}</t></r></si>"
        for text in texts
    )
    cells = "".join("<row>" + "".join(_raw_cell(text, texts) for text in row) + "</row>" for row in rows)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships><Relationship Id="r1" Type="{kind}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns:r="{kind}"><workbookPr {book}/>'
        '<sheets><sheet name="仪器" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="r1" Type="{kind}/worksheet" '
        'Target="/xl/worksheets/sheet1.xml"/></Relationships>',
        "xl/sharedStrings.xml": f"<sst>{strings}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr((names or {}).get(name, name), text)
    return out.getvalue()


def _raw_cell(text: str, texts: list[str]) -> str:
    if text.startswith("<"):
        return text
    return f'<c t="s"><v>{texts.index(text)}</v></c>' if text else "<c/>"


def upload(content: bytes, name: str = "仪器.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def checked(slug: str, provider: Provider, content: bytes, capture: Any) -> Job:
    """The job after its check; ``capture`` is the fixture that runs what happens on commit."""
    with capture(execute=True):
        job = import_workbook(
            upload=upload(content), subject=SUBJECTS[slug], provider=provider, actor=provider.account
        )
    job.refresh_from_db()
    return job


def confirmed(job: Job, capture: Any, **options: Any) -> Job:
    with capture(execute=True):
        job = services.confirm_job(job=job, actor=job.provider.account, options=options)
    job.refresh_from_db()
    return job


def imported(slug: str, provider: Provider, content: bytes, capture: Any, **options: Any) -> Job:
    return confirmed(checked(slug, provider, content, capture), capture, **options)


def counts(job: Job) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, refused."""
    return job.created_count, job.updated_count, job.unchanged_count, job.refused_count


def faults(job: Job) -> list[tuple[int, str, str]]:
    """Row, column and sentence of what the page shows."""
    return [
        (line["row"], fault["title"], fault["sentence"])
        for line in job.report["shown"]
        for fault in line["faults"]
    ]
