"""The topics a column begins with; editors add and rename them."""

from django.db import migrations

TOPICS = [
    ("account", "注册登录"),
    ("institution", "机构入库"),
    ("catalogue", "仪器与服务"),
    ("apply", "申领创新券"),
    ("order", "预约与订单"),
    ("redeem", "兑付"),
    ("supervision", "监督管理"),
]


def create_topics(apps, schema_editor):
    Topic = apps.get_model("policy.Topic")
    for number, (slug, name) in enumerate(TOPICS, start=1):
        Topic.objects.get_or_create(slug=slug, defaults={"name": name, "sort_order": number * 10})


class Migration(migrations.Migration):
    dependencies = [("policy", "0002_column")]
    operations = [migrations.RunPython(create_topics, migrations.RunPython.noop)]
