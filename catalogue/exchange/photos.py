"""导入照片: a zip of photos, each named by the internal number of its instrument.

``YQ-001.jpg``, ``YQ-001_2.jpg``, ``YQ-001 (3).png``, or in a folder that bears the number. Each goes through the same
checks as a photo uploaded on the page, one at a time, and is appended to a draft or returned instrument of the own
institution. The same photo again changes nothing.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue.exchange.reports import Report
from catalogue.exchange.subjects import INSTRUMENT
from catalogue.forms import MAX_PHOTOS
from catalogue.jobs import progress
from catalogue.jobs.exceptions import JobError, JobInterrupted
from catalogue.jobs.services import create_job
from catalogue.jobs.workers import Worker
from catalogue.models import Instrument, InstrumentPhoto, Job, JobKind
from files.archives import Archive, Entry, store_archive
from files.models import SiteImage
from files.uploads import IMAGE_FORMATS, MAX_BYTES, clean_name, keep_image, prepare_image
from files.workbooks import discard
from institutions.models import Provider
from workflow import permissions
from workflow import services as workflow

EXTENSIONS = tuple(f".{extension}" for form in IMAGE_FORMATS for extension in form.extensions)
# A number may contain what a file name may not; such a character is an underscore there.
FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
COUNTED = re.compile(r"(?P<number>.+?)\s*(?:_(?P<place>\d{1,3})|\((?P<copy>\d{1,3})\))\Z")
NAMED_AT_ONCE = 10
LONGEST_STEM = 120


def import_photos(*, upload: UploadedFile, provider: Provider, actor: User) -> Job:
    """Store the zip and start the work on it.

    Raises ValidationError where it is no zip that can be read, and as ``create_job`` does.
    """
    stored = store_archive(upload=upload, owner=actor)
    try:
        return create_job(
            provider=provider,
            actor=actor,
            kind=JobKind.PHOTOS,
            subject=INSTRUMENT.slug,
            file=stored,
            confirmed=True,
        )
    except JobError:
        discard(stored)
        raise


@dataclass(frozen=True)
class Match:
    """The instrument a file name means, and the place among its photos."""

    instrument_id: int
    place: int


class NumberBook:
    """Finds the instrument that the name of a file means."""

    def __init__(self, numbers: Iterable[tuple[int, str]]) -> None:
        self._by_key: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for pk, number in numbers:
            self._by_key[_key(number)].append((pk, number))

    def find(self, parts: Sequence[str]) -> Match | None:
        """By the name, by the name without its count, or by the innermost folder."""
        stem = _stem(parts[-1])
        number, place = without_count(stem)
        digits = re.findall(r"\d{1,6}", stem)
        in_folder = int(digits[-1]) if digits else 0
        candidates = [(stem, 0), (number, place), *((folder, in_folder) for folder in reversed(parts[:-1]))]
        for candidate, at in candidates:
            found = self._by_key.get(_key(candidate), [])
            if len(found) > 1:  # numbers that differ in case or width only
                found = [one for one in found if one[1] == candidate]
            if found:
                return Match(found[0][0], at)
        return None


def without_count(stem: str) -> tuple[str, int]:
    """The number in a name, and which photo of it: YQ-001_2 is the second of YQ-001."""
    # no number is nearly as long, and a name in a zip may have 65,000 characters
    match = COUNTED.match(unicodedata.normalize("NFKC", stem[:LONGEST_STEM]))
    return (match["number"], int(match["place"] or match["copy"])) if match else (stem, 0)


def _key(text: str) -> str:
    return FORBIDDEN.sub("_", " ".join(unicodedata.normalize("NFKC", text).split())).casefold()


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


class PhotoWorker(Worker):
    """Photos instrument by instrument. What belongs to which is decided once, so that it can go on after a restart."""

    template_name = "catalogue/exchange/photos_job.html"

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.report = Report(job)

    def run(self) -> None:
        if (stored := self.job.file) is None:
            raise JobError(_("上传的压缩包已超过保存期限，请重新上传。"))
        with stored.file.open("rb") as file:
            try:
                archive = Archive(file, stored.name)
            except ValidationError as error:
                raise JobError(error.messages[0]) from error
            if "plan" not in self.job.options:
                self._plan(archive.entries)
            done = 0
            for instrument_id, numbers in self.job.options["plan"]:
                done += len(numbers)
                if done > self.job.position:
                    entries = [archive.entries[number] for number in numbers]
                    if instrument_id is None:
                        self._refuse_unknown(entries)
                    else:
                        self._add(archive, instrument_id, entries)

    def summary(self) -> str:
        return _(
            "添加了 %(photos)d 张照片（%(instruments)d 台仪器），%(same)d 张原来就有，%(refused)d 个文件没有导入。"
        ) % {
            "photos": self.job.created_count,
            "instruments": self.job.updated_count,
            "same": self.job.unchanged_count,
            "refused": self.job.refused_count,
        }

    def _plan(self, entries: Sequence[Entry]) -> None:
        """Which files belong to which instrument, in the order of their photos; those of none come first."""
        own = Instrument.objects.filter(provider=self.job.provider).exclude(internal_number="")
        book = NumberBook(own.values_list("pk", "internal_number"))
        unknown: list[int] = []
        found: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
        for number, entry in enumerate(entries):
            if match := book.find(entry.parts):
                found[match.instrument_id].append((match.place, entry.shown, number))
            else:
                unknown.append(number)
        plan: list[tuple[int | None, list[int]]] = [(None, unknown)] if unknown else []
        plan += [(pk, [number for _place, _name, number in sorted(files)]) for pk, files in found.items()]
        progress.beat(self.job, total=len(entries), options={**self.job.options, "plan": plan})

    def _refuse_unknown(self, entries: Sequence[Entry]) -> None:
        with progress.batch(self.job) as outcome:
            outcome.rows = outcome.refused = len(entries)
            for entry in entries:
                self.report.add(entry.shown, _unknown(entry))

    def _add(self, archive: Archive, instrument_id: int, entries: Sequence[Entry]) -> None:
        """The photos of one instrument: checked and stored one by one, then put on it together."""
        instrument = self._instrument(instrument_id)
        images: list[SiteImage] = []
        same, refusals = 0, []
        if instrument is not None and permissions.may_edit(self.job.actor, instrument):
            known = {photo.image.file_hash for photo in instrument.photos.select_related("image")}
            room = MAX_PHOTOS - instrument.photos.count()
            beyond = []
            for entry in entries:
                progress.beat(self.job)
                try:
                    content = archive.read(entry, MAX_BYTES)
                    prepared = prepare_image(SimpleUploadedFile(entry.name, content))
                except ValidationError as error:
                    refusals.append((entry.shown, error.messages[0]))
                    continue
                if prepared.file_hash in known:
                    same += 1
                elif len(images) >= room:
                    beyond.append(entry)
                else:
                    known.add(prepared.file_hash)
                    images.append(keep_image(prepared=prepared, owner=self.job.actor, title=instrument.name))
            refusals += _beyond(instrument, beyond)
        try:
            self._store(instrument_id, images, same, len(entries), refusals)
        except JobInterrupted:
            _throw_away(images)
            raise

    def _store(
        self,
        instrument_id: int,
        images: list[SiteImage],
        same: int,
        rows: int,
        refusals: list[tuple[str, str]],
    ) -> None:
        with progress.batch(self.job) as outcome:
            outcome.rows = rows
            instrument = self._instrument(instrument_id, lock=True)
            if instrument is None or not permissions.may_edit(self.job.actor, instrument):
                _throw_away(images)
                outcome.refused = rows
                self.report.add(*_not_editable(instrument))
                return
            stored = instrument.photos.count()
            added, late = images[: MAX_PHOTOS - stored], images[max(MAX_PHOTOS - stored, 0) :]
            _throw_away(late)  # somebody has uploaded others on the page meanwhile
            if added:
                instrument.photos.add(
                    *(
                        InstrumentPhoto(image=image, sort_order=stored + number)
                        for number, image in enumerate(added)
                    )
                )
                workflow.save_draft(
                    record=instrument,
                    actor=self.job.actor,
                    version=instrument.version,
                    reason=str(self.job),
                )
            for title, sentence in refusals:
                self.report.add(title, sentence, instrument.get_centre_url())
            outcome.created, outcome.updated = len(added), bool(added)
            outcome.unchanged, outcome.refused = same, rows - len(added) - same

    def _instrument(self, pk: int, *, lock: bool = False) -> Any:
        records = Instrument.objects.filter(provider=self.job.provider).select_related("provider__account")
        return (records.select_for_update(of=("self",)) if lock else records).filter(pk=pk).first()


def _unknown(entry: Entry) -> str:
    if not entry.name.lower().endswith(EXTENSIONS):
        return _("不是照片，已跳过。照片可以是 JPG、PNG 或 WebP。")
    return (
        _("本单位没有内部编号为“%s”的仪器。照片请以仪器的内部编号命名，如 YQ-001.jpg、YQ-001_2.jpg。")
        % without_count(clean_name(_stem(entry.name)))[0]
    )


def _beyond(instrument: Instrument, entries: Sequence[Entry]) -> list[tuple[str, str]]:
    sentence = _("“%(name)s”（%(number)s）的照片已满 %(limit)d 张，没有再添加。请先删去不用的照片。") % {
        "name": instrument.name,
        "number": instrument.internal_number,
        "limit": MAX_PHOTOS,
    }
    return [(entry.shown, sentence) for entry in entries]


def _not_editable(instrument: Instrument | None) -> tuple[str, str, str]:
    if instrument is None:
        return _("仪器"), _("这台仪器刚被删除，照片没有导入。"), ""
    sentence = _("状态为“%(status)s”，不能添加照片。请先在仪器页面点击“撤回并修改信息”，再导入照片。") % {
        "status": instrument.status_label
    }
    return f"{instrument.name}（{instrument.internal_number}）", sentence, instrument.get_centre_url()


def _throw_away(images: Iterable[SiteImage]) -> None:
    for image in images:
        image.delete()
