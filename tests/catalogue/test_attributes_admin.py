"""专业参数 in the Wagtail admin: who may define what, what may change later, and that nothing is ever deleted."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.exceptions import DomainError
from catalogue.attributes import services
from catalogue.models import AttributeDefinition
from tests.conftest import signed_in
from tests.factories import AttributeFactory, UserFactory, reviewer
from workflow.models import AuditEntry
from workflow.setup import DATA_MANAGERS

pytestmark = pytest.mark.django_db
NAMES = "wagtailsnippets_catalogue_attributedefinition"
NEW = {
    "node": "instrument_class:010100",
    "name": "分辨率",
    "unit": "nm",
    "kind": "number",
    "choices": "",
    "help_text": "二次电子像",
    "is_required": "on",
    "is_public": "on",
    "is_facet": "on",
    "sort_order": "1",
}


@pytest.fixture
def manager():
    return UserFactory(staff=True, groups=[DATA_MANAGERS])


@pytest.fixture
def manager_client(manager):
    return signed_in(manager)


def address(name, definition=None):
    return reverse(f"{NAMES}:{name}", args=[definition.pk] if definition else [])


def posted(**changes):
    return {name: value for name, value in {**NEW, **changes}.items() if value is not None}


def test_the_group_of_data_managers_defines_and_others_only_read():
    permissions = Group.objects.get(name=DATA_MANAGERS).permissions
    assert sorted(permissions.values_list("codename", flat=True)) == [
        "access_admin",
        "add_attributedefinition",
        "change_attributedefinition",
        "view_attributedefinition",
    ]
    client = signed_in(reviewer())
    definition = AttributeFactory()
    assert client.get(address("list")).status_code == 200
    assert client.get(address("inspect", definition)).status_code == 200
    for refused in ("edit", "retire", "delete"):
        assert client.get(address(refused, definition)).status_code == 302
    assert client.post(address("retire", definition)).status_code == 302
    definition.refresh_from_db()
    assert definition.retired_at is None


def test_a_definition_is_made_in_one_form_and_audited(manager, manager_client):
    response = manager_client.get(address("add"))
    assert "分析仪器（全部）" in response.text
    assert manager_client.post(address("add"), posted()).status_code == 302
    definition = AttributeDefinition.objects.get()
    assert (
        definition.label,
        definition.kind,
        definition.instrument_class_id,
        definition.testing_field_id,
    ) == (
        "分辨率（nm）",
        "number",
        "010100",
        None,
    )
    assert (definition.is_required, definition.is_facet, definition.is_searchable) == (True, True, False)
    entry = AuditEntry.objects.of(definition).get()
    assert (entry.action, entry.actor, entry.record_title) == ("create", manager, "分辨率（nm）")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"node": ""}, "node", "请选择适用范围。"),
        ({"node": "instrument_class:999"}, "node", "选择一个有效的选项。"),
        ({"kind": "choice", "choices": "EI"}, "choices", "单选至少要有两个选项，一行一个。"),
        ({"kind": "choice", "choices": "EI\n" + "长" * 51}, "choices", "每个选项最多 50 个字。"),
        ({"choices": "EI\nCI"}, "choices", "只有“单选”才有选项"),
        ({"kind": "text"}, "is_facet", "文字不能作为筛选条件"),
        ({"is_public": None}, "is_public", "不公开的参数不能搜索，也不能筛选。"),
    ],
)
def test_what_does_not_fit_together_is_said_at_its_field(manager_client, changes, field, sentence):
    response = manager_client.post(address("add"), posted(**changes))
    assert response.status_code == 200
    assert sentence in " ".join(response.context["form"].errors[field])
    assert not AttributeDefinition.objects.exists()


def test_a_name_is_taken_above_and_below_but_not_beside(manager_client):
    AttributeFactory(name="分辨率")
    for taken in ("instrument_class:010000", "instrument_class:010100"):
        response = manager_client.post(address("add"), posted(node=taken))
        assert (
            "“电子光学仪器”已有启用的“分辨率”，请换一个名称。" in response.context["form"].errors["name"][0]
        )
    manager_client.post(address("add"), posted(node="instrument_class:010200"))
    manager_client.post(address("add"), posted(node="testing_field:010100"))
    assert AttributeDefinition.objects.count() == 3


def test_kind_and_node_are_fixed_everything_else_may_change(manager, manager_client):
    definition = AttributeFactory(name="离子源", unit="", kind="choice", choices="EI\nCI")
    response = manager_client.get(address("edit", definition))
    assert response.context["form"].fields["node"].disabled
    manager_client.post(
        address("edit", definition),
        posted(
            node="instrument_class:010200", kind="text", name="电离方式", unit="", choices="CI\n ESI \n\nESI"
        ),
    )
    definition.refresh_from_db()
    assert (definition.name, definition.kind, definition.instrument_class_id) == (
        "电离方式",
        "choice",
        "010100",
    )
    assert definition.options == ["CI", "ESI"]
    entry = AuditEntry.objects.of(definition).get()
    assert entry.actor == manager
    assert entry.changes["choices"] == ["EI\nCI", "CI\nESI"]
    definition.kind = "text"
    with pytest.raises(DomainError, match="保存后不能修改"):
        services.save_definition(definition=definition, actor=manager)


def test_it_is_retired_and_restored_after_asking_and_never_deleted(manager, manager_client):
    definition = AttributeFactory(name="分辨率")
    for page in ("list", "edit"):
        text = manager_client.get(address(page, definition if page == "edit" else None)).text
        assert address("retire", definition) in text
        assert address("delete", definition) not in text
    assert "已经填写的内容原样保留" in manager_client.get(address("retire", definition)).text
    manager_client.post(address("retire", definition))
    definition.refresh_from_db()
    assert definition.retired_at is not None
    manager_client.post(address("retire", definition))  # a second click
    assert AuditEntry.objects.of(definition).count() == 1
    manager_client.post(address("restore", definition))
    definition.refresh_from_db()
    assert definition.retired_at is None
    assert list(AuditEntry.objects.of(definition).values_list("reason", flat=True)) == ["恢复启用", "停用"]
    assert manager_client.post(address("delete", definition)).status_code == 302
    assert signed_in(UserFactory(admin=True)).post(address("delete", definition)).status_code == 302
    assert AttributeDefinition.objects.count() == 1


def test_one_whose_name_is_taken_by_now_is_not_restored(manager, manager_client):
    old = services.retire_definition(definition=AttributeFactory(name="分辨率"), actor=manager)
    AttributeFactory(name="分辨率", instrument_class_id="010000")
    response = manager_client.post(address("restore", old), follow=True)
    assert "“分析仪器”已有启用的“分辨率”，不能重复。" in response.text
    old.refresh_from_db()
    assert old.retired_at is not None


def test_the_list_says_what_holds_for_a_class_in_few_queries(
    manager, manager_client, django_assert_max_num_queries
):
    AttributeFactory(name="测试样品最大尺寸", instrument_class_id="010000", sort_order=5)
    AttributeFactory(name="分辨率")
    AttributeFactory(name="质量范围", kind="range", instrument_class_id="010200")
    AttributeFactory(name="试样厚度", instrument_class_id=None, testing_field_id="010100")
    services.retire_definition(definition=AttributeFactory(name="束流"), actor=manager)

    def names(**filters):
        return [one.name for one in manager_client.get(address("list"), filters).context["object_list"]]

    assert names(node="instrument_class:010100") == ["测试样品最大尺寸", "分辨率", "束流"]
    assert names(node="instrument_class:010100", state="in_force") == ["测试样品最大尺寸", "分辨率"]
    assert names(state="retired") == ["束流"]
    assert names(kind="range") == ["质量范围"]
    assert names(q="厚度") == ["试样厚度"]
    assert len(names(node="junk", kind="'")) == 5
    for _more in range(20):
        AttributeFactory(instrument_class_id="010300")
    with django_assert_max_num_queries(20):
        assert "分析仪器 › 电子光学仪器" in manager_client.get(address("list")).text


def test_only_who_may_does_it_through_the_services():
    definition = AttributeFactory()
    with pytest.raises(DomainError, match="您没有设置专业参数的权限"):
        services.retire_definition(definition=definition, actor=reviewer())
    with pytest.raises(DomainError, match="您没有设置专业参数的权限"):
        services.save_definition(definition=AttributeFactory.build(), actor=UserFactory())
    assert AttributeDefinition.objects.get().retired_at is None
