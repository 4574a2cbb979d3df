"""批量提交: hand in many complete records, each on its own, so that one that fails stops no other."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from accounts.exceptions import DomainError, require
from accounts.models import User
from catalogue.completeness import complete_ids
from catalogue.exceptions import CatalogueError
from catalogue.exchange.reports import Report
from catalogue.exchange.subjects import SUBJECTS, Subject
from catalogue.jobs import progress
from catalogue.jobs.services import create_job
from catalogue.jobs.workers import Worker
from catalogue.models import Job, JobKind
from institutions.models import Provider
from workflow import services as workflow


def complete_among(subject: Subject, provider: Provider, chosen: Iterable[int] | None) -> list[int]:
    """The records to hand in: of those chosen, or of all (None), the own ones that are complete."""
    wanted = None if chosen is None else set(chosen)
    found = complete_ids(subject.model, provider)
    return [pk for pk in found if wanted is None or pk in wanted]


def submit_many(
    *, subject: Subject, provider: Provider, actor: User, chosen: Iterable[int] | None = None
) -> Job:
    """Start handing in the complete records among those chosen, or all of them (None).

    Raises CatalogueError where none is complete, and as ``create_job`` does.
    """
    ids = complete_among(subject, provider, chosen)
    require(bool(ids), CatalogueError(_("没有可以提交的记录。请先按提示补充完整，或勾选完整的记录。")))
    return create_job(
        provider=provider,
        actor=actor,
        kind=JobKind.SUBMIT,
        subject=subject.slug,
        options={"ids": ids},
        total=len(ids),
        confirmed=True,
    )


class SubmitWorker(Worker):
    """Record by record; each is submitted, and counted, in one transaction."""

    template_name = "catalogue/exchange/submit_job.html"

    def run(self) -> None:
        job, report = self.job, Report(self.job)
        model: Any = SUBJECTS[job.subject].model
        records = model.objects.filter(provider=job.provider)
        for pk in job.options["ids"][job.position :]:
            with progress.batch(job) as outcome:
                outcome.rows = 1
                record = records.filter(pk=pk).first()
                if record is None:
                    outcome.refused = 1
                    report.add(_("记录"), _("这条记录已被删除，没有提交。"))
                    continue
                try:
                    workflow.submit(record=record, actor=job.actor, reason=str(job))
                except DomainError as error:
                    outcome.refused = 1
                    report.add(str(record), str(error), record.get_centre_url())
                else:
                    outcome.updated = 1

    def summary(self) -> str:
        return _("已提交 %(done)d 条，%(refused)d 条没有提交。") % {
            "done": self.job.updated_count,
            "refused": self.job.refused_count,
        }
