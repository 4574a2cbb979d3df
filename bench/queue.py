"""The review queue with many records waiting: queries and times of what a reviewer opens. ``python -m bench.queue``

The floor is a bare Django view behind the same login, in the same run.
"""

import gc
from typing import Any

from bench.harness import Bench, benchmark, percentile, timings

ADDRESSES = {
    "admin home": "/admin/",
    "queue": "/admin/review/",
    "queue, last page": "/admin/review/?p=99999",
    "queue filtered": "/admin/review/?q=质谱&due=later&city_name=西安市",
}
BULK = 50


def put_in_queue(rows: int) -> None:
    """Let every instrument wait for review, as submitting would; the first ones through the services."""
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone
    from wagtail.models import TaskState, Workflow, WorkflowState

    from catalogue.models import Instrument
    from workflow import services
    from workflow.models import ReviewTask, ReviewTaskState
    from workflow.setup import WORKFLOW_NAME
    from workflow.working_days import add_working_days

    for instrument in Instrument.objects.public().order_by("pk")[: BULK * 4]:
        services.withdraw(record=instrument, actor=instrument.owner)
        services.submit(record=instrument, actor=instrument.owner)
    sample = Instrument.objects.pending().first()
    due_on = add_working_days(timezone.localdate(), 2)
    content_type = ContentType.objects.get_for_model(Instrument)
    state_type = ContentType.objects.get_for_model(ReviewTaskState)
    workflow = Workflow.objects.get(name=WORKFLOW_NAME)
    task = ReviewTask.objects.get(workflow_tasks__workflow=workflow)
    rest = list(Instrument.objects.public().select_related("provider__account").order_by("pk"))
    Instrument.objects.filter(pk__in=[one.pk for one in rest]).update(
        status="pending", live=False, due_on=due_on
    )
    states = WorkflowState.objects.bulk_create(
        [
            WorkflowState(
                content_type=content_type,
                base_content_type=content_type,
                object_id=str(one.pk),
                workflow=workflow,
                requested_by=one.provider.account,
            )
            for one in rest
        ],
        batch_size=1_000,
    )
    parents = TaskState.objects.bulk_create(
        [
            TaskState(
                workflow_state=state,
                task=task,
                revision_id=sample.latest_revision_id,
                content_type=state_type,
                status="in_progress",
            )
            for state in states
        ],
        batch_size=1_000,
    )
    for parent, one in zip(parents, rest, strict=True):
        ReviewTaskState(
            taskstate_ptr=parent,
            record_type=content_type,
            record_id=one.pk,
            record_title=one.name,
            institution_name=str(one.provider),
            city_name=one.city_name,
            due_on=due_on,
        ).save_base(raw=True)


def measure(bench: Bench, client: Any, staff: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext, override_settings

    from voucher_site import urls
    from workflow import services
    from workflow.models import ReviewTaskState

    for case, address in ADDRESSES.items():
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        bench.figure("queries", len(queries), case)
        times = timings([lambda address=address: client.get(address)], 30)
        bench.figure("p50_ms", percentile(times, 0.5), case)
        bench.figure("p95_ms", percentile(times, 0.95), case)

    def approve_some() -> None:
        states = ReviewTaskState.objects.waiting().order_by("pk")[:BULK]
        result = services.decide_many(task_states=list(states), actor=staff, approving=True)
        assert result.done == BULK, result.refused[:3]

    times = timings([approve_some], 3)
    bench.figure("p50_ms", percentile(times, 0.5), f"bulk approve {BULK}")
    bench.figure("p95_ms", percentile(times, 0.95), f"bulk approve {BULK}")
    measure_floor(bench, client, urls, override_settings)


def measure_floor(bench: Bench, client: Any, urls: Any, override_settings: Any) -> None:
    from django.contrib.auth.decorators import login_required
    from django.http import HttpResponse
    from django.urls import path

    bare = path("bare/", login_required(lambda request: HttpResponse("hello")))
    with override_settings(ROOT_URLCONF=type("bare", (), {"urlpatterns": [bare, *urls.urlpatterns]})):
        times = timings([lambda: client.get("/bare/")], 100)
    bench.figure("p95_ms", percentile(times, 0.95), "floor: bare view, signed in")


def main() -> None:
    with benchmark("queue", rows=5_000) as bench:
        from django.contrib.auth.models import Group
        from django.test import Client

        from accounts.models import AccountKind, User
        from bench.data import make_catalogue
        from workflow.setup import REVIEWERS

        make_catalogue(max(bench.rows, BULK * 4))
        put_in_queue(bench.rows)
        staff = User.objects.create_user(
            "审核员", "reviewer@example.com", contact_name="审核员", kind=AccountKind.STAFF
        )
        staff.groups.add(Group.objects.get(name=REVIEWERS))
        client = Client()
        client.force_login(staff)
        gc.collect()
        gc.freeze()
        measure(bench, client, staff)


if __name__ == "__main__":
    main()
