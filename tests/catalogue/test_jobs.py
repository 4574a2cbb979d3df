"""Jobs: whose they are, how many, one after the other, and how they survive a restart."""

from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from catalogue.jobs import progress, services
from catalogue.jobs.exceptions import JobError, JobInterrupted
from catalogue.jobs.tasks import work_on
from catalogue.models import Instrument, Job, JobKind, JobState
from files.models import PrivateFile
from institutions.models import Provider
from tests.catalogue.workbooks import checked, filled, imported, instrument_row
from tests.conftest import signed_in
from tests.factories import PrivateFileFactory, ProviderFactory
from tests.threads import at_once, refusals


@pytest.fixture
def provider(db: None) -> Provider:
    return ProviderFactory()


def make(provider: Provider, **fields: Any) -> Job:
    values = {
        "kind": JobKind.IMPORT,
        "subject": "instruments",
        "state": JobState.READY,
        "options": {"ticket": "t"},
    }
    return Job.objects.create(provider=provider, actor=provider.account, **(values | fields))


def silent() -> Any:
    return timezone.now() - timedelta(seconds=61)


def test_job_is_made_for_one_s_own_institution_only(provider: Provider) -> None:
    other = ProviderFactory()
    with pytest.raises(JobError, match="只能为本机构批量处理"):
        services.create_job(
            provider=provider, actor=other.account, kind=JobKind.IMPORT, subject="instruments"
        )
    assert not Job.objects.exists()


def test_no_more_than_twenty_unfinished(provider: Provider) -> None:
    make(provider, state=JobState.DONE)
    for _number in range(services.MAX_UNFINISHED):
        make(provider)
    with pytest.raises(JobError, match="还有 20 个批量任务没有处理完"):
        services.create_job(
            provider=provider, actor=provider.account, kind=JobKind.IMPORT, subject="instruments"
        )
    assert Job.objects.count() == 21


def test_refused_job_leaves_no_file(provider: Provider, django_capture_on_commit_callbacks: Any) -> None:
    for _number in range(services.MAX_UNFINISHED):
        make(provider)
    content = filled("instruments", provider, [instrument_row()])
    with pytest.raises(JobError):
        checked("instruments", provider, content, django_capture_on_commit_callbacks)
    assert not PrivateFile.objects.filter(extension="xlsx").exists()


def test_one_after_the_other(provider: Provider) -> None:
    running = make(provider, state=JobState.RUNNING, heartbeat_at=timezone.now())
    waiting = make(provider)
    make(ProviderFactory(), state=JobState.RUNNING)  # another institution's is no obstacle
    with pytest.raises(JobError, match=f"“导入 #{running.pk}”正在处理，请等它完成"):
        services.confirm_job(job=waiting, actor=provider.account)
    waiting.refresh_from_db()
    assert waiting.state == JobState.READY
    running.state = JobState.DONE
    running.save()
    services.confirm_job(job=waiting, actor=provider.account)
    waiting.refresh_from_db()
    assert waiting.state == JobState.RUNNING


@pytest.mark.parametrize(
    "state", [JobState.CHECKING, JobState.RUNNING, JobState.DONE, JobState.FAILED, JobState.CANCELLED]
)
def test_only_what_waits_for_it_is_confirmed(provider: Provider, state: JobState) -> None:
    job = make(provider, state=state)
    with pytest.raises(JobError, match=f"这个任务现在是“{state.label}”，不能再确认"):
        services.confirm_job(job=job, actor=provider.account)
    job.refresh_from_db()
    assert job.state == state


@pytest.mark.parametrize("state", [JobState.CHECKING, JobState.READY, JobState.RUNNING])
def test_unfinished_job_is_cancelled(provider: Provider, state: JobState) -> None:
    job = make(provider, state=state)
    services.cancel_job(job=job, actor=provider.account)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    with pytest.raises(JobError, match="已经结束，不能取消"):
        services.cancel_job(job=job, actor=provider.account)


def test_others_jobs_are_not_found(provider: Provider) -> None:
    job = make(provider)
    client = signed_in(ProviderFactory().account)
    for name in ("detail", "refused"):
        assert client.get(reverse(f"batches:{name}", args=[job.pk])).status_code == 404
    for name in ("confirm", "cancel", "resume"):
        assert client.post(reverse(f"batches:{name}", args=[job.pk])).status_code == 404
    job.refresh_from_db()
    assert job.state == JobState.READY
    assert f"#{job.pk}" not in client.get(reverse("batches:list")).content.decode()


def test_only_a_silent_job_is_resumed(provider: Provider) -> None:
    alive = make(provider, state=JobState.RUNNING, heartbeat_at=timezone.now())
    with pytest.raises(JobError, match="不需要继续"):
        services.resume_job(job=alive, actor=provider.account)
    Job.objects.filter(pk=alive.pk).update(heartbeat_at=silent())
    services.resume_job(job=alive, actor=provider.account)
    alive.refresh_from_db()
    assert alive.options["ticket"] != "t"
    assert alive.heartbeat_at > silent()


def test_failed_job_is_resumed_only_where_that_helps(provider: Provider) -> None:
    damaged = make(provider, state=JobState.FAILED, error="文件已损坏。")
    with pytest.raises(JobError):
        services.resume_job(job=damaged, actor=provider.account)
    ours = make(provider, state=JobState.FAILED, report={"resumable": True}, error="出错")
    services.resume_job(job=ours, actor=provider.account)
    ours.refresh_from_db()
    assert (ours.state, ours.error) == (JobState.RUNNING, "")


def test_page_of_a_silent_job_offers_to_go_on(provider: Provider) -> None:
    client = signed_in(provider.account)
    job = make(provider, state=JobState.RUNNING, heartbeat_at=timezone.now(), total=10, position=4)
    address = reverse("batches:detail", args=[job.pk])
    page = client.get(address).content.decode()
    assert "已处理 4 / 10（40%）" in page
    assert 'hx-trigger="every 2s"' in page
    assert "刷新" in page
    assert "继续处理" not in page
    Job.objects.filter(pk=job.pk).update(heartbeat_at=silent())
    page = client.get(address).content.decode()
    assert "继续处理" in page
    assert "hx-trigger" not in page


def test_poll_gets_the_progress_alone_and_the_page_when_it_has_ended(
    provider: Provider, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(provider.account)
    job = make(provider, state=JobState.RUNNING, heartbeat_at=timezone.now(), total=10, position=4)
    address = reverse("batches:detail", args=[job.pk])
    with django_assert_max_num_queries(4):
        response = client.get(address, headers={"HX-Request": "true"})
    assert response.content.decode().lstrip().startswith("<section")
    assert "HX-Refresh" not in response.headers
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_a_worker_without_the_ticket_does_nothing(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    content = filled("instruments", provider, [instrument_row()])
    job = checked("instruments", provider, content, django_capture_on_commit_callbacks)
    old = job.options["ticket"]
    services.confirm_job(job=job, actor=provider.account)  # its task has not begun yet
    work_on.call(job_id=job.pk, ticket=old)
    work_on.call(job_id=job.pk + 1, ticket=old)
    job.refresh_from_db()
    assert (job.state, job.position) == (JobState.RUNNING, 0)
    assert not Instrument.objects.exists()


def test_a_worker_whose_job_was_given_to_another_stops(provider: Provider) -> None:
    job = make(provider, state=JobState.RUNNING, heartbeat_at=silent(), total=2)
    mine = progress.take_on(job.pk, "t")
    assert mine is not None
    Job.objects.filter(pk=job.pk).update(heartbeat_at=silent())
    services.resume_job(job=job, actor=provider.account)
    with pytest.raises(JobInterrupted), progress.batch(mine) as outcome:
        outcome.rows = 1
    for step in (
        lambda: progress.beat(mine),
        lambda: progress.finish(mine, summary="", refused_file=None),
        lambda: progress.fail(mine, "错"),
    ):
        with pytest.raises(JobInterrupted):
            step()
    job.refresh_from_db()
    assert (job.state, job.position) == (JobState.RUNNING, 0)


def test_a_job_that_its_workers_do_not_survive_is_given_up(provider: Provider) -> None:
    # given three workers that took it on at the same row and were never heard of again
    job = make(provider, state=JobState.RUNNING, heartbeat_at=silent(), total=9, position=4)
    for number in range(1, 4):
        if number > 1:
            assert services.resume_silent_jobs() == 1
            job.refresh_from_db()
        assert progress.take_on(job.pk, job.options["ticket"]) is not None
        Job.objects.filter(pk=job.pk).update(heartbeat_at=silent())
    # when
    assert services.resume_silent_jobs() == 0
    # then
    job.refresh_from_db()
    assert (job.state, job.report["resumable"]) == (JobState.FAILED, True)
    assert "请稍后点击“继续处理”" in job.error
    assert Message.objects.get(recipient=provider.account).subject == f"{job}未完成"


def test_a_job_that_gets_on_is_handed_on_as_often_as_needed(provider: Provider) -> None:
    job = make(provider, state=JobState.RUNNING, heartbeat_at=silent(), total=9)
    for position in range(6):
        assert services.resume_silent_jobs() == 1
        job.refresh_from_db()
        assert progress.take_on(job.pk, job.options["ticket"]) is not None
        Job.objects.filter(pk=job.pk).update(heartbeat_at=silent(), position=position)


def test_resume_jobs_takes_up_what_was_left(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    # given a job whose task never ran, and one that is being worked on
    content = filled("instruments", provider, [instrument_row()])
    job = checked("instruments", provider, content, django_capture_on_commit_callbacks)
    services.confirm_job(job=job, actor=provider.account)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=silent())
    make(ProviderFactory(), state=JobState.RUNNING, heartbeat_at=timezone.now())
    # when
    out = StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("resume_jobs", stdout=out)
    # then
    assert out.getvalue() == "jobs resumed: 1\n"
    job.refresh_from_db()
    assert (job.state, job.created_count) == (JobState.DONE, 1)


def test_old_jobs_let_go_of_their_files(provider: Provider, django_capture_on_commit_callbacks: Any) -> None:
    # given an old finished job with both files, an old one never confirmed, and a young one
    content = filled("instruments", provider, [instrument_row(), instrument_row(单位内部编号=None)])
    done = imported("instruments", provider, content, django_capture_on_commit_callbacks)
    waiting = make(provider, file=PrivateFileFactory(owner=provider.account))
    young = make(provider, file=PrivateFileFactory(owner=provider.account))
    long_ago = timezone.now() - timedelta(days=91)
    Job.objects.filter(pk__in=[done.pk, waiting.pk]).update(created_at=long_ago)
    PrivateFile.objects.update(uploaded_at=long_ago)
    kept = {file.pk for file in (provider.certificate, young.file)}
    # when files are cleared away before / after the jobs have let go
    call_command("delete_orphan_files", stdout=StringIO())
    assert PrivateFile.objects.filter(pk__in=[done.file_id, done.refused_file_id]).count() == 2
    call_command("prune_jobs", stdout=StringIO())
    with django_capture_on_commit_callbacks(execute=True):
        call_command("delete_orphan_files", stdout=StringIO())
    # then
    assert set(PrivateFile.objects.values_list("pk", flat=True)) == kept
    done.refresh_from_db()
    waiting.refresh_from_db()
    assert (done.state, done.file, done.refused_file, done.created_count) == (JobState.DONE, None, None, 1)
    assert waiting.state == JobState.CANCELLED
    client = signed_in(provider.account)
    response = client.get(reverse("batches:refused", args=[done.pk]), follow=True)
    assert "文件已超过保存期限" in response.content.decode()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_confirmed_at_the_same_moment_do_not_both_run(monkeypatch: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no two writers at once")
    # given workers that are busy elsewhere
    monkeypatch.setattr("catalogue.jobs.tasks.work_on", SimpleNamespace(enqueue=lambda **arguments: None))
    provider = ProviderFactory()
    jobs = [make(provider), make(provider)]
    # when
    outcomes = at_once(
        *(lambda job=job: services.confirm_job(job=job, actor=provider.account) for job in jobs)
    )
    # then
    (refusal,) = refusals(outcomes)
    assert "正在处理，请等它完成" in str(refusal)
    states = Job.objects.values_list("state", flat=True)
    assert sorted(states) == [JobState.READY, JobState.RUNNING]
