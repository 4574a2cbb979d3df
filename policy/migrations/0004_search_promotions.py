"""Editors say what is recommended for a search: promoted results are theirs to add, change and delete."""

from django.db import migrations

EDITORS = ["Editors", "编辑", "Moderators", "责任编辑"]


def let_editors_promote(apps, schema_editor):
    ContentType = apps.get_model("contenttypes.ContentType")
    Group = apps.get_model("auth.Group")
    Permission = apps.get_model("auth.Permission")

    promotion, _created = ContentType.objects.get_or_create(
        app_label="wagtailsearchpromotions", model="searchpromotion"
    )
    permissions = [
        Permission.objects.get_or_create(
            content_type=promotion,
            codename=f"{action}_searchpromotion",
            defaults={"name": f"Can {action} search promotion"},
        )[0]
        for action in ("add", "change", "delete")
    ]
    for group in Group.objects.filter(name__in=EDITORS):
        group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("policy", "0003_topics"),
        ("wagtailsearchpromotions", "0008_query_verbose_name"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [migrations.RunPython(let_editors_promote, migrations.RunPython.noop)]
