"""Making and moving jobs: what people do. What a worker does with them is in ``progress``."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from catalogue.jobs import progress
from catalogue.jobs.exceptions import JobError
from catalogue.models import Job, JobState
from files.models import PrivateFile
from institutions.models import Provider

# More than one person can look after; what is not confirmed is to be cancelled first.
MAX_UNFINISHED = 20
# A worker gives a sign of life at least this often, unless it is gone.
SILENCE = timedelta(seconds=60)


def create_job(
    *,
    provider: Provider,
    actor: User,
    kind: str,
    subject: str,
    file: PrivateFile | None = None,
    options: dict[str, Any] | None = None,
    total: int = 0,
    confirmed: bool = False,
) -> Job:
    """Note the work down and start it once the transaction has committed.

    It is checked first and waits for ``confirm_job``, unless it is ``confirmed`` already. Raises JobError if the
    institution is not the actor's, has too many unfinished jobs, or (where confirmed) another one running.
    """
    with transaction.atomic():
        provider = _locked(provider.pk)
        require(provider.account_id == actor.pk, JobError(_("只能为本机构批量处理。")))
        require(
            provider.jobs.unfinished().count() < MAX_UNFINISHED,
            JobError(
                _("还有 %d 个批量任务没有处理完。请先在“批量任务”里确认或取消，再新建。") % MAX_UNFINISHED
            ),
        )
        if confirmed:
            _require_none_running(provider)
        job = Job(
            provider=provider,
            actor=actor,
            kind=kind,
            subject=subject,
            file=file,
            options=options or {},
            total=total,
            state=JobState.RUNNING if confirmed else JobState.CHECKING,
        )
        _hand_over(job)
    return job


def confirm_job(*, job: Job, actor: User, options: dict[str, Any] | None = None) -> Job:
    """Let the checked work be done (确认导入), with what was chosen.

    Raises JobError if it no longer waits for that, or another job of the institution runs.
    """
    with transaction.atomic():
        provider = _locked(job.provider_id)
        job = _own(job, actor)
        require(
            job.state == JobState.READY,
            JobError(_("这个任务现在是“%s”，不能再确认，请刷新页面查看。") % JobState(job.state).label),
        )
        _require_none_running(provider)
        job.options |= options or {}
        job.state, job.position = JobState.RUNNING, 0
        job.created_count = job.updated_count = job.unchanged_count = job.refused_count = 0
        _hand_over(job)
    return job


def cancel_job(*, job: Job, actor: User) -> Job:
    """Stop it: what is done stays done, the rest is left. Raises JobError if it has ended already."""
    with transaction.atomic():
        job = _own(job, actor)
        require(
            job.state in {JobState.CHECKING, JobState.READY, JobState.RUNNING},
            JobError(_("这个任务已经结束，不能取消。")),
        )
        job.state, job.finished_at = JobState.CANCELLED, timezone.now()
        job.save(update_fields=["state", "finished_at"])
    return job


def resume_job(*, job: Job, actor: User) -> Job:
    """Go on where a worker has stopped (继续处理). Raises JobError if there is nothing to go on with."""
    with transaction.atomic():
        provider = _locked(job.provider_id)
        job = _own(job, actor)
        require(may_resume(job), JobError(_("这个任务正在处理或已经结束，不需要继续，请刷新页面查看。")))
        if job.state == JobState.FAILED:
            _require_none_running(provider)
            job.state, job.error, job.finished_at = JobState.RUNNING, "", None
        _hand_over(job)
    return job


def may_resume(job: Job) -> bool:
    """Whether the work stands still half-way: its worker is gone, or an error of ours has stopped it."""
    if job.is_working:
        return (job.heartbeat_at or job.created_at) < timezone.now() - SILENCE
    return job.state == JobState.FAILED and bool(job.report.get("resumable"))


def resume_silent_jobs(*, silence: timedelta = SILENCE) -> int:
    """Go on with every job of which nothing has been heard for so long; how many there were.

    A worker that is alive after all stops at its next batch, so nothing is done twice. A job that its workers do not
    survive is given up: handed on for ever, it would end every worker there is.
    """
    before = timezone.now() - silence
    count = 0
    for pk in list(Job.objects.silent_since(before).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            job = Job.objects.select_for_update().filter(pk=pk).first()
            if job is None or not job.is_working:
                continue
            if progress.is_hopeless(job):
                progress.give_up(job)
                continue
            _hand_over(job)
            count += 1
    return count


def release_old_files(*, older_than: timedelta) -> int:
    """Let go of the files of jobs that old, for ``delete_orphan_files`` to delete, and cancel what was never confirmed.

    How many jobs that concerned.
    """
    old = Job.objects.filter(created_at__lt=timezone.now() - older_than)
    old.unfinished().update(state=JobState.CANCELLED, finished_at=timezone.now())
    held = old.exclude(file=None, refused_file=None)
    count: int = held.update(file=None, refused_file=None)
    return count


def _locked(provider_id: int) -> Provider:
    """The institution, locked so that its jobs are made and started one after the other."""
    provider: Provider = Provider.objects.locked(provider_id)
    return provider


def _own(job: Job, actor: User) -> Job:
    job = Job.objects.select_for_update(of=("self",)).select_related("provider").get(pk=job.pk)
    require(job.provider.account_id == actor.pk, JobError(_("只能处理本机构的任务。")))
    return job


def _require_none_running(provider: Provider) -> None:
    running = provider.jobs.filter(state=JobState.RUNNING).first()
    if running is not None:
        raise JobError(_("“%s”正在处理，请等它完成，或在“批量任务”里取消它，再开始这一个。") % running)


def _hand_over(job: Job) -> None:
    """Give the job to the next free worker. Its ticket makes any earlier worker leave it."""
    from catalogue.jobs.tasks import work_on

    ticket = secrets.token_hex(8)
    job.options["ticket"] = ticket
    job.heartbeat_at = timezone.now()
    job.save()
    transaction.on_commit(lambda: work_on.enqueue(job_id=job.pk, ticket=ticket))
