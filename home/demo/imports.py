"""A workbook of instruments that the demonstration's provider has imported: drafts to complete, and rows refused."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from catalogue.exchange.importing import import_workbook
from catalogue.exchange.sheets import SubjectSheet
from catalogue.exchange.subjects import SUBJECTS
from catalogue.jobs.services import confirm_job
from catalogue.jobs.tasks import work_on
from catalogue.models import Instrument, Job
from files.spreadsheets import XLSX
from home.demo.clock import at
from home.demo.dice import Dice
from home.demo.institutions import Institution
from home.demo.making import Maker, choose
from institutions.models import Provider

ROWS = 8
DAYS_AGO = 1
# What is wrong in the workbook: the row, the column's key, and what stands there.
FAULTS = ((3, "city", "长安市"), (6, "price_amount", "面议"))


def import_instruments(maker: Maker, member: Institution, provider: Provider) -> int:
    """Send the workbook, confirm it, and have it done at once; how many drafts came of it."""
    dice = Dice("import", maker.now)
    layout = SubjectSheet(SUBJECTS["instruments"], provider)
    instruments = [
        maker.new_instrument(provider, kind, product, 600 + number, dice)[0]
        for number, (kind, product) in enumerate(choose(dice, member.fields, ROWS))
    ]
    content = _workbook(layout, instruments)
    with at(dice.moment(DAYS_AGO)):
        job = import_workbook(
            upload=SimpleUploadedFile("2026年新购仪器.xlsx", content, XLSX),
            subject=SUBJECTS["instruments"],
            provider=provider,
            actor=provider.account,
        )
        _work(job)
        job = confirm_job(job=job, actor=provider.account)
        _work(job)
    return Job.objects.get(pk=job.pk).created_count


def _workbook(layout: SubjectSheet, instruments: list[Instrument]) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = layout.subject.title
    sheet.append([column.title for column in layout.columns])
    for number, instrument in enumerate(instruments, start=1):
        wrong = {key: text for row, key, text in FAULTS if row == number}
        sheet.append([wrong.get(column.key, column.export(instrument)) for column in layout.columns])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _work(job: Job) -> None:
    """What the worker would do; it finds nothing left when the load is committed."""
    job.refresh_from_db()
    work_on.call(job_id=job.pk, ticket=job.options["ticket"])
