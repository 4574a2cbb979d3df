"""The background task of jobs."""

import logging

from django_tasks import task

from catalogue.jobs import progress
from catalogue.jobs.exceptions import JobError, JobInterrupted
from catalogue.jobs.workers import worker_of
from catalogue.models import Job, JobState

logger = logging.getLogger(__name__)


@task()
def work_on(job_id: int, ticket: str) -> None:
    """Check a job, or do it from where it stands. Does nothing where the ticket is no longer good."""
    job = progress.take_on(job_id, ticket)
    if job is None:
        return
    worker = worker_of(job)
    try:
        if job.state == JobState.CHECKING:
            worker.check()
            progress.ready(job)
        else:
            worker.run()
            progress.finish(job, summary=worker.summary(), refused_file=job.refused_file)
    except JobInterrupted:
        logger.info("job left to others", extra={"job_id": job_id})
    except JobError as error:
        progress.fail(job, str(error))
    except Exception:
        _give_up(job.pk, ticket)
        raise


def _give_up(job_id: int, ticket: str) -> None:
    """Say that an error of ours has stopped the job; what is committed of it stays."""
    job = Job.objects.select_related("provider__account").get(pk=job_id)
    if not job.is_working or job.options.get("ticket") != ticket:
        return
    progress.give_up(job)
