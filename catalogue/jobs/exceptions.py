"""Refusals and interruptions of jobs."""

from catalogue.exceptions import CatalogueError


class JobError(CatalogueError):
    """A job cannot be made or moved, or cannot go on; the message says why and what to do.

    Raised by a worker, it ends the job as 未完成 with this sentence.
    """


class JobInterrupted(Exception):
    """The job was cancelled, or another worker has taken it on: stop without a word."""
