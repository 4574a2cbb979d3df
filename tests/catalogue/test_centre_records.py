"""What holds for every kind of record a provider keeps: filling in, and the list."""

import pytest

from catalogue.centre.kinds import KINDS
from tests.catalogue.record_cases import CASES, data_for
from tests.factories import UserFactory
from workflow.models import ReviewTaskState
from workflow.statuses import SubmissionStatus

pytestmark = pytest.mark.django_db


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


@pytest.fixture(params=CASES, ids=lambda case: case.key)
def case(request):
    return request.param


def test_the_cases_are_the_kinds_with_their_steps():
    assert [(case.key, case.model, list(case.steps)) for case in CASES] == [
        (kind.key, kind.model, [step.slug for step in kind.steps]) for kind in KINDS
    ]


# filling in


def test_the_steps_lead_from_nothing_to_one_submission(client, provider, case):
    first, *others = case.steps
    assert client.get(case.url("create")).status_code == 200
    assert not case.model.objects.exists()
    response = client.post(case.url("create"), data_for(case, first, action="next" if others else "finish"))
    record = case.model.objects.get()
    assert (record.provider, record.status, record.live) == (provider, SubmissionStatus.DRAFT, False)
    for version, slug in enumerate(others, start=1):
        assert response.url == case.step(record, slug)
        assert client.get(response.url).status_code == 200
        action = "finish" if slug == others[-1] else "next"
        response = client.post(case.step(record, slug), data_for(case, slug, version=version, action=action))
    assert response.url == case.url("submit", record)
    page = client.get(response.url)
    assert page.context["warnings"] == []
    record.refresh_from_db()
    response = client.post(
        case.url("submit", record), {"confirmed": "1", "version": record.version}, follow=True
    )
    assert response.redirect_chain == [(case.url("list"), 302)]
    assert "已提交，请等待审核" in response.content.decode()
    record.refresh_from_db()
    assert record.status == SubmissionStatus.PENDING
    assert ReviewTaskState.objects.filter(record_title=str(record)).count() == 1


def test_an_empty_form_may_be_saved_and_what_it_lacks_is_listed(client, provider, case):
    first = next(iter(case.steps))
    assert client.post(case.url("create"), {"version": "1", "action": "next"}).status_code == 302
    record = case.model.objects.get()
    unnamed = next(str(kind.unnamed) for kind in KINDS if kind.key == case.key)
    for url in (case.url("list"), case.url("detail", record), case.step(record, first)):
        assert unnamed in client.get(url).content.decode()
    last = list(case.steps)[-1]
    response = client.post(case.step(record, last), {"version": record.version, "action": "finish"})
    assert response.url == f"{case.step(record, last)}?check=1"
    problems = client.get(response.url).context["problems"]
    assert len(problems) >= len(case.model.required_to_submit) - 1
    assert {problem.url.partition("?")[0] for problem in problems} <= {
        case.step(record, slug) for slug in case.steps
    }
    record.refresh_from_db()
    assert record.status == SubmissionStatus.DRAFT


def test_an_account_without_institution_is_sent_to_fill_it_in(client, case):
    client.force_login(UserFactory())
    assert "请先填写机构信息" in client.get(case.url("list")).content.decode()
    response = client.post(
        case.url("create"), {}, HTTP_REFERER=f"http://testserver{case.url('list')}", follow=True
    )
    assert "请先填写并保存机构信息" in response.content.decode()
    assert not case.model.objects.exists()


def test_a_form_opened_before_another_save_is_refused_once(client, provider, case):
    record = case.factory(provider=provider)
    slug = next(iter(case.steps))
    kept = record.internal_number
    case.model.objects.update(version=2)
    response = client.post(case.step(record, slug), data_for(case, slug))
    assert "这条记录已在别的页面被修改" in response.content.decode()
    assert case.model.objects.get().internal_number == kept
    assert response.context["form"]["internal_number"].value() == "X-1"
    assert client.post(case.step(record, slug), data_for(case, slug, version="2")).status_code == 302
    assert case.model.objects.get().internal_number == "X-1"


def test_an_internal_number_is_used_once_in_an_institution_and_kind(client, provider, case):
    slug = next(iter(case.steps))
    twin = case.factory(provider=provider)
    elsewhere = case.factory(internal_number="X-2")
    response = client.post(case.url("create"), data_for(case, slug, internal_number=twin.internal_number))
    assert errors_of(response) == {
        "internal_number": [f"内部编号“{twin.internal_number}”已用于本单位的“{twin}”，请核对编号。"]
    }
    assert case.model.objects.count() == 2
    response = client.post(
        case.url("create"), data_for(case, slug, internal_number=elsewhere.internal_number)
    )
    assert response.status_code == 302


def test_nul_and_nonsense_in_any_field_are_sentences_not_errors(client, provider, case):
    record = case.factory(provider=provider)
    for slug, fields in case.steps.items():
        for name in fields:
            for nasty in ("a\0b", "9" * 5000, "' OR 1=1 --", "<script>alert(1)</script>"):
                version = case.model.objects.get().version
                response = client.post(
                    case.step(record, slug), data_for(case, slug, version=version, **{name: nasty})
                )
                assert response.status_code in {200, 302}, (name, nasty)
                assert "<script>alert" not in response.content.decode()
    for url in (case.url("list"), case.url("detail", record)):
        assert "<script>alert" not in client.get(url).content.decode()


# the list


def test_the_list_shows_ones_own_by_state_and_finds_by_keyword(client, provider, case):
    case.factory(provider=provider, approved=True, internal_number="ABC-7")
    case.factory(provider=provider, pending=True)
    case.factory(provider=provider)
    case.factory(internal_number="ABC-8")

    def numbers(**query):
        return [record.internal_number for record in client.get(case.url("list"), query).context["page_obj"]]

    tabs = client.get(case.url("list")).context["tabs"]
    assert [(tab["label"], tab["count"]) for tab in tabs] == [
        ("全部", 3),
        ("未提交", 1),
        ("待审核", 1),
        ("已通过", 1),
        ("已退回", 0),
    ]
    assert len(numbers()) == 3
    assert numbers(q="abc-") == numbers(status="approved") == ["ABC-7"]
    assert numbers(status="returned") == numbers(q="ABC-8") == []
    hostile = {"status": "x", "group": "a\0", "voucher": "9", "validity": "x", "kind": "x", "page": "-3"}
    assert len(numbers(**hostile)) == len(numbers(q="\0")) == 3
    assert "没有符合条件的" in client.get(case.url("list"), {"q": "没有这个"}).content.decode()


def test_an_empty_list_says_what_to_do(client, provider, case):
    kind = next(kind for kind in KINDS if kind.key == case.key)
    page = client.get(case.url("list")).content.decode()
    assert str(kind.how_to_begin) in page
    assert f'href="{case.url("create")}"' in page
    assert f'href="{case.url("list")}" aria-current="page"' in page


def test_the_list_costs_the_same_for_a_full_page(client, provider, case, django_assert_max_num_queries):
    case.factory.create_batch(2, provider=provider)
    client.get(case.url("list"))
    with django_assert_max_num_queries(12) as few:
        client.get(case.url("list"))
    case.factory.create_batch(20, provider=provider)
    client.get(case.url("list"))  # makes the renditions
    with django_assert_max_num_queries(12) as many:
        response = client.get(case.url("list"))
    assert len(response.context["page_obj"]) == 20
    assert len(many) == len(few)


def test_the_pages_of_a_record_cost_few_queries(client, provider, case, django_assert_max_num_queries):
    record, draft = case.factory(provider=provider, approved=True), case.factory(provider=provider)
    urls = [case.url("detail", record), case.url("submit", draft)]
    urls += [case.step(draft, slug) for slug in case.steps]
    for url in urls:
        client.get(url)
        with django_assert_max_num_queries(14):
            assert client.get(url).status_code == 200
