"""What a job's work looks like from outside, and which class does it for each kind."""

from typing import ClassVar

from django.utils.module_loading import import_string

from catalogue.models import Job, JobKind

WORKERS: dict[str, str] = {
    JobKind.IMPORT: "catalogue.exchange.importing.ImportWorker",
    JobKind.PHOTOS: "catalogue.exchange.photos.PhotoWorker",
    JobKind.SUBMIT: "catalogue.exchange.submitting.SubmitWorker",
}


class Worker:
    """The work of one kind of job.

    ``check`` looks at what was handed in, changes nothing of the catalogue, and leaves in ``job.report`` what the
    person should know before confirming; it may be run again from its beginning. ``run`` does the work from
    ``job.position`` on, in batches under ``progress.batch``, so that it can be run again after a restart without doing
    anything twice. Both raise JobError, with a sentence, to end the job. ``summary`` is what the message in the centre
    says of a finished job.
    """

    # shows progress and result of a job of this kind
    template_name: ClassVar[str] = "catalogue/exchange/job.html"

    def __init__(self, job: Job) -> None:
        self.job = job

    def check(self) -> None:
        raise NotImplementedError

    def run(self) -> None:
        raise NotImplementedError

    def summary(self) -> str:
        raise NotImplementedError


def worker_of(job: Job) -> Worker:
    worker: type[Worker] = import_string(WORKERS[job.kind])
    return worker(job)
