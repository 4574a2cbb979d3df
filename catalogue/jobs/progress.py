"""How a worker takes a job on, reports on it, and ends it.

Every step is written under a condition: the job is still in the state it was taken on in, and still this worker's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services import notify
from catalogue.jobs.exceptions import JobInterrupted
from catalogue.models import Job, JobState
from files.models import PrivateFile

MOST_TRIES = 3


@dataclass
class Outcome:
    """What a batch has done with how many rows."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0


def take_on(job_id: int, ticket: str) -> Job | None:
    """The job, for the worker that holds its ticket; None if it has ended or another has been given it.

    How often work was begun at the same place is noted, see ``is_hopeless``.
    """
    job = Job.objects.select_related("provider__account", "actor", "file").filter(pk=job_id).first()
    if job is None or not job.is_working or job.options.get("ticket") != ticket:
        return None
    place = [job.state, job.position]
    tries = job.options.get("tries", 0) + 1 if job.options.get("tried_at") == place else 1
    try:
        beat(job, options={**job.options, "tried_at": place, "tries": tries})
    except JobInterrupted:  # it has ended, or changed hands, since it was read
        return None
    return job


def is_hopeless(job: Job) -> bool:
    """Whether its workers have died at this place as often as they may: something in the file ends the process."""
    return job.options.get("tried_at") == [job.state, job.position] and job.options["tries"] >= MOST_TRIES


def beat(job: Job, **values: Any) -> None:
    """Give a sign of life, with how far the work is (``total``, ``position``). Outside of a batch.

    Raises JobInterrupted if the job is no longer this worker's.
    """
    _update(job, heartbeat_at=timezone.now(), **values)


@contextmanager
def batch(job: Job) -> Iterator[Outcome]:
    """One piece of a running job: what it changes, and that it is done, are committed together.

    Fill in the outcome. Raises JobInterrupted, before anything is changed, if the job is no longer this worker's.
    """
    outcome = Outcome()
    with transaction.atomic():
        stored = Job.objects.select_for_update().only("state", "position", "options").get(pk=job.pk)
        if (stored.state, stored.position) != (job.state, job.position) or _ticket(stored) != _ticket(job):
            raise JobInterrupted
        yield outcome
        values = {
            "position": job.position + outcome.rows,
            "created_count": job.created_count + outcome.created,
            "updated_count": job.updated_count + outcome.updated,
            "unchanged_count": job.unchanged_count + outcome.unchanged,
            "refused_count": job.refused_count + outcome.refused,
            "report": job.report,
            "heartbeat_at": timezone.now(),
        }
        Job.objects.filter(pk=job.pk).update(**values)
    for name, value in values.items():
        setattr(job, name, value)


def ready(job: Job) -> None:
    """The check is done: its counts, report and refused file, as the worker has left them in ``job``, are shown."""
    _update(
        job,
        state=JobState.READY,
        total=job.total,
        position=job.total,
        created_count=job.created_count,
        updated_count=job.updated_count,
        unchanged_count=job.unchanged_count,
        refused_count=job.refused_count,
        report=job.report,
        refused_file=job.refused_file,
        finished_at=None,
    )


def finish(job: Job, *, summary: str, refused_file: PrivateFile | None) -> None:
    """The work is done; a message tells the institution what came of it."""
    with transaction.atomic():
        _update(
            job,
            state=JobState.DONE,
            report=job.report,
            refused_file=refused_file,
            finished_at=timezone.now(),
        )
        _tell(job, _("%s已完成") % job, summary)


def fail(job: Job, sentence: str, *, is_resumable: bool = False) -> None:
    """The work cannot go on; ``sentence`` says why and what to do."""
    with transaction.atomic():
        _update(
            job,
            state=JobState.FAILED,
            report={**job.report, "resumable": is_resumable},
            error=sentence,
            finished_at=timezone.now(),
        )
        _tell(job, _("%s未完成") % job, sentence)


def give_up(job: Job) -> None:
    """An error of ours has stopped the job; what is committed of it stays."""
    running = job.state == JobState.RUNNING
    sentence = (
        _("系统处理时出错，已处理的部分已经保存。请稍后点击“继续处理”；多次不成功请联系平台管理人员。")
        if running
        else _("系统检查文件时出错，没有导入任何内容。请稍后重新上传；多次不成功请联系平台管理人员。")
    )
    fail(job, sentence, is_resumable=running)


def _update(job: Job, **values: Any) -> None:
    mine = Job.objects.filter(pk=job.pk, state=job.state, options__ticket=_ticket(job))
    if not mine.update(**values):
        raise JobInterrupted
    for name, value in values.items():
        setattr(job, name, value)


def _ticket(job: Job) -> Any:
    return job.options.get("ticket")


def _tell(job: Job, subject: str, body: str) -> None:
    notify(
        recipient=job.provider.account,
        subject=subject,
        body=body,
        link=reverse("batches:detail", args=[job.pk]),
        email=False,
    )
