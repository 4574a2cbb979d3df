"""导入: a workbook becomes drafts, in the background, so that leaving the page or a restart loses nothing.

The check judges every row and changes nothing. Once confirmed, rows are imported in batches; a batch's records, its
entries in the audit trail and the position of the job are committed together. Rows find their records by the internal
number, so doing the same file again, or a batch after a restart, updates and never doubles.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue.exchange.checking import Checker, Fault, Outcome, Verdict
from catalogue.exchange.choosing import RowChoice
from catalogue.exchange.reading import Source, SourceRow, opened_source
from catalogue.exchange.refused import refused_workbook
from catalogue.exchange.scans import MAX_ROWS, too_many_rows
from catalogue.exchange.sheets import SubjectSheet
from catalogue.exchange.subjects import SUBJECTS, Subject
from catalogue.jobs import progress
from catalogue.jobs.exceptions import JobError
from catalogue.jobs.services import create_job
from catalogue.jobs.workers import Worker
from catalogue.models import Job, JobKind, ProviderRecord
from catalogue.pieces import in_pieces
from files.models import PrivateFile
from files.workbooks import discard, store_workbook
from institutions.models import Provider
from workflow import services as workflow
from workflow.audit import record_many
from workflow.statuses import Action, SubmissionStatus

BATCH = 500
# Withdrawing takes the search index for the whole batch, which decisions of reviewers wait for.
BATCH_WITH_WITHDRAWAL = 25
SHOWN_ROWS = 20
FAULTS_KEPT = 5
ATTEMPTS = 3


def import_workbook(*, upload: UploadedFile, subject: Subject, provider: Provider, actor: User) -> Job:
    """Store the workbook and start checking it.

    Raises ValidationError where it is no workbook that could be read, and as ``create_job`` does.
    """
    stored = store_workbook(upload=upload, owner=actor)
    try:
        return create_job(
            provider=provider, actor=actor, kind=JobKind.IMPORT, subject=subject.slug, file=stored
        )
    except JobError:
        discard(stored)
        raise


class ImportWorker(Worker):
    """Checks and imports one workbook.

    ``job.report`` has ``faults`` (sentences by row and column), ``shown`` (the first faulty rows as the page prints
    them), ``locked`` (rows that would change a record under review or approved) and ``absent`` (columns left out).
    ``job.options`` has ``rows`` (the chosen ones; all where absent) and ``withdraw``.
    """

    template_name = "catalogue/exchange/import_job.html"

    @cached_property
    def subject(self) -> Subject:
        return SUBJECTS[self.job.subject]

    @cached_property
    def layout(self) -> SubjectSheet:
        return SubjectSheet(self.subject, self.job.provider)

    @property
    def file(self) -> PrivateFile:
        if self.job.file is None:
            raise JobError(_("上传的文件已超过保存期限被清除，请重新上传。"))
        return self.job.file

    def check(self) -> None:
        job = self.job
        job.report = {}
        with self.file.file.open("rb") as file, opened_source(file, self.layout) as source:
            checker = Checker(source)
            counts = dict.fromkeys(Outcome, 0)
            faults: dict[str, list[list[str]]] = {}
            keys: dict[str, str] = {}
            locked, rows = 0, 0
            shown: list[dict[str, Any]] = []
            for verdicts in self._judged(checker, source):
                for verdict in verdicts:
                    counts[verdict.outcome] += 1
                    locked += verdict.is_locked
                    if verdict.faults:
                        faults[str(verdict.row.number)] = _kept(verdict.faults)
                        keys[str(verdict.row.number)] = verdict.row.key
                        if len(shown) < SHOWN_ROWS:
                            shown.append(self._shown(verdict))
                rows += len(verdicts)
                progress.beat(job, total=max(source.facts.filled_rows - 1, rows), position=rows)
            if rows > MAX_ROWS:
                raise too_many_rows(rows)
            if not rows:
                raise JobError(
                    _("表里没有要导入的内容。请从第 %d 行起填写，一行一条记录。") % (source.heading_row + 1)
                )
            job.report = {
                "faults": faults,
                "keys": keys,
                "shown": shown,
                "locked": locked,
                "absent": [column.title for column in source.absent if column.is_required],
            }
            job.total = rows
            job.created_count, job.updated_count = counts[Outcome.CREATED], counts[Outcome.UPDATED]
            job.unchanged_count, job.refused_count = counts[Outcome.UNCHANGED], counts[Outcome.REFUSED]
            job.refused_file = self._refused_file(source, faults)

    def run(self) -> None:
        job = self.job
        choice = RowChoice.parse(job.options.get("rows", ""))
        known = job.report.get("faults", {})
        size = BATCH_WITH_WITHDRAWAL if job.options.get("withdraw") else BATCH
        with self.file.file.open("rb") as file, opened_source(file, self.layout) as source:
            checker = Checker(source, finds_twins=False)  # they are known
            for piece in in_pieces(islice(source.rows(), job.position, None), size):
                chosen = [row for row in piece if row.number in choice]
                faulty = sum(str(row.number) in known for row in chosen)
                correct = [row for row in chosen if str(row.number) not in known]
                self._import(checker, correct, counted=len(piece), faulty=faulty)
            late = job.report.get("late", {})
            refused = {row: said for row, said in known.items() if int(row) in choice} | late
            job.refused_file = self._refused_file(source, refused)
        job.report = {"shown": self._shown_of(refused), "absent": job.report.get("absent", [])}

    def summary(self) -> str:
        job = self.job
        text = _(
            "新建 %(created)d 条，更新 %(updated)d 条，无变化 %(unchanged)d 条，未导入 %(refused)d 条。"
        ) % {
            "created": job.created_count,
            "updated": job.updated_count,
            "unchanged": job.unchanged_count,
            "refused": job.refused_count,
        }
        if job.created_count or job.updated_count:
            text += _("导入的%s都是草稿，请检查、补充后提交审核。") % self.subject.title
        return text

    def _judged(self, checker: Checker, source: Source) -> Iterator[list[Verdict]]:
        for piece in in_pieces(source.rows(), BATCH):
            yield checker.judge([checker.parse(row) for row in piece])

    def _import(self, checker: Checker, rows: list[SourceRow], *, counted: int, faulty: int) -> None:
        """One batch. Where a page has taken one of its numbers meanwhile, it is read and judged again."""
        report = self.job.report
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with progress.batch(self.job) as outcome:
                    outcome.rows, outcome.refused = counted, faulty
                    parsed = [checker.parse(row) for row in rows]
                    self._store(checker.judge(parsed, for_update=True), outcome)
            except IntegrityError:
                self.job.report = report
                if attempt == ATTEMPTS:
                    raise
            else:
                return

    def _store(self, verdicts: list[Verdict], outcome: progress.Outcome) -> None:
        may_withdraw = bool(self.job.options.get("withdraw"))
        for verdict in verdicts:
            if verdict.is_locked and not may_withdraw:
                verdict.outcome = Outcome.REFUSED
                verdict.row.faults.append(Fault("", locked_sentence(verdict.record)))
        refused = [verdict for verdict in verdicts if verdict.outcome == Outcome.REFUSED]
        if refused:
            said = {str(verdict.row.number): _kept(verdict.faults) for verdict in refused}
            keys = {str(verdict.row.number): verdict.row.key for verdict in refused}
            report = self.job.report
            self.job.report = {
                **report,
                "late": report.get("late", {}) | said,
                "keys": report.get("keys", {}) | keys,
            }
        created = [verdict for verdict in verdicts if verdict.outcome == Outcome.CREATED]
        updated = [verdict for verdict in verdicts if verdict.outcome == Outcome.UPDATED]
        self._create(created)
        self._update(updated)
        outcome.created, outcome.updated = len(created), len(updated)
        outcome.refused += len(refused)
        outcome.unchanged = len(verdicts) - len(created) - len(updated) - len(refused)

    @property
    def _reason(self) -> str:
        return _("导入 #%d") % self.job.pk

    def _create(self, verdicts: list[Verdict]) -> None:
        model = self.subject.model
        records = model._default_manager.bulk_create([verdict.record for verdict in verdicts])
        _link(
            model,
            [(one.record.pk, pk) for one in verdicts for pk in one.instruments or ()],
        )
        record_many(
            steps=[(record, {}) for record in records],
            actor=self.job.actor,
            action=Action.CREATE,
            reason=self._reason,
        )

    def _update(self, verdicts: list[Verdict]) -> None:
        now = timezone.now()
        for verdict in verdicts:
            record = verdict.record
            if verdict.is_locked:
                moved = workflow.withdraw(record=record, actor=self.job.actor, reason=self._reason)
                record.version, record.status = moved.version, moved.status
            values = {name: getattr(record, _attname(record, name)) for name in _row_fields(verdict)}
            # locked since it was judged; the condition is what every save of a draft is under
            type(record)._default_manager.filter(pk=record.pk, version=record.version).update(
                **values, version=record.version + 1, updated_at=now
            )
        relinked = [one for one in verdicts if "instruments" in one.changes]
        if relinked:
            through = _through(self.subject.model)
            name = self.subject.model._meta.model_name
            through._default_manager.filter(**{f"{name}__in": [one.record.pk for one in relinked]}).delete()
            _link(
                self.subject.model,
                [(one.record.pk, pk) for one in relinked for pk in one.instruments or ()],
            )
        record_many(
            steps=[(verdict.record, verdict.changes) for verdict in verdicts],
            actor=self.job.actor,
            action=Action.SAVE,
            reason=self._reason,
        )

    def _refused_file(self, source: Source, refused: dict[str, list[list[str]]]) -> PrivateFile | None:
        if not refused:
            return None
        return refused_workbook(source=source, refused=refused, job=self.job)

    def _shown(self, verdict: Verdict) -> dict[str, Any]:
        return self._line(str(verdict.row.number), _kept(verdict.faults), verdict.row.key)

    def _shown_of(self, refused: dict[str, list[list[str]]]) -> list[dict[str, Any]]:
        keys = self.job.report.get("keys", {})
        first = sorted(refused, key=int)[:SHOWN_ROWS]
        return [self._line(number, refused[number], keys.get(number, "")) for number in first]

    def _line(self, number: str, faults: list[list[str]], key: str) -> dict[str, Any]:
        titles = {column.key: column.title for column in self.layout.columns}
        return {
            "row": int(number),
            "key": key,
            "faults": [{"title": titles.get(name, ""), "sentence": sentence} for name, sentence in faults],
        }


def locked_sentence(record: ProviderRecord) -> str:
    """Why a record under review or approved does not take the row."""
    return _(
        "这条记录%(status)s，内容与表里不同。请先在页面上“撤回并修改信息”，或在确认导入时勾选“撤回后更新”。"
    ) % {"status": SubmissionStatus(record.status).label}


def _kept(faults: list[Fault]) -> list[list[str]]:
    return [[fault.key, fault.sentence] for fault in faults[:FAULTS_KEPT]]


def _row_fields(verdict: Verdict) -> list[str]:
    return [name for name in verdict.changes if name != "instruments"]


def _attname(record: ProviderRecord, name: str) -> str:
    field: models.Field[Any, Any] = record._meta.get_field(name)  # type: ignore[assignment]
    return field.attname


def _link(model: type[ProviderRecord], pairs: Iterable[tuple[int, int]]) -> None:
    """Let services use instruments."""
    rows = list(pairs)
    if not rows:
        return
    through = _through(model)
    own = f"{model._meta.model_name}_id"
    through._default_manager.bulk_create(
        through(**{own: service, "instrument_id": instrument}) for service, instrument in rows
    )


def _through(model: Any) -> Any:
    """The table between services and instruments."""
    return model._meta.get_field("instruments").remote_field.through
