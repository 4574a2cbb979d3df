"""Editors may publish what they write. Wagtail itself lets its group Editors add and edit pages,
images and documents; ``workflow.setup`` gives that group its Chinese name after the migrations."""

from django.db import migrations


def let_editors_publish(apps, schema_editor):
    ContentType = apps.get_model("contenttypes.ContentType")
    Group = apps.get_model("auth.Group")
    Permission = apps.get_model("auth.Permission")
    GroupPagePermission = apps.get_model("wagtailcore.GroupPagePermission")
    Page = apps.get_model("wagtailcore.Page")

    page_type, _created = ContentType.objects.get_or_create(app_label="wagtailcore", model="page")
    publish, _created = Permission.objects.get_or_create(
        content_type=page_type, codename="publish_page", defaults={"name": "Can publish any page"}
    )
    root = Page.objects.get(depth=1)
    for group in Group.objects.filter(name__in=["Editors", "编辑"]):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=publish)


class Migration(migrations.Migration):
    dependencies = [("home", "0002_create_site"), ("wagtailcore", "0098_apitoken")]
    operations = [migrations.RunPython(let_editors_publish, migrations.RunPython.noop)]
