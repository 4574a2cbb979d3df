"""What came of a job, line by line, for the page that shows its result."""

from typing import TypedDict

from catalogue.models import Job

# More nobody reads; the counts are of all.
MOST_LINES = 200


class Line(TypedDict):
    """What of, what about it in a sentence, and where to put it right; ``url`` may be empty."""

    title: str
    sentence: str
    url: str


class Report:
    """The lines in ``job.report``, stored with the next batch."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def add(self, title: str, sentence: str, url: str = "") -> None:
        lines: list[Line] = self._job.report.setdefault("lines", [])
        if len(lines) < MOST_LINES:
            lines.append({"title": title, "sentence": sentence, "url": url})
        else:
            self._job.report["more"] = self._job.report.get("more", 0) + 1
