"""The pages of the policy column: interpretations, guides, questions and downloads, under /policy/."""

from django.conf import settings
from django.db import migrations
from django.utils.http import base36_to_int, int_to_base36

STEP = 4
PAGES = [
    ("InterpretationIndexPage", "interpretation", "政策解读", "用大白话讲清楚政策怎么用"),
    ("GuideIndexPage", "guides", "办事指南", "接券机构和用券机构一步一步怎么办"),
    ("FaqIndexPage", "faq", "常见问题", "按主题查找，点开即见答复"),
    ("DownloadsPage", "downloads", "下载中心", "表格、模板和政策原文"),
]


def create_pages(apps, schema_editor):
    ContentType = apps.get_model("contenttypes.ContentType")
    Locale = apps.get_model("wagtailcore.Locale")
    Page = apps.get_model("wagtailcore.Page")
    column = apps.get_model("policy.PolicyIndexPage").objects.order_by("path").first()
    if column is None:
        return
    locale, _created = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    below = Page.objects.filter(path__startswith=column.path, depth=column.depth + 1)
    taken = set(below.values_list("slug", flat=True))
    # Historical models know nothing of the tree, so the numbers treebeard keeps are written by hand.
    last = below.order_by("-path").values_list("path", flat=True).first()
    number = base36_to_int(last[-STEP:]) if last else 0
    for model_name, slug, title, introduction in PAGES:
        if slug in taken:
            continue
        number += 1
        model = apps.get_model("policy", model_name)
        content_type, _created = ContentType.objects.get_or_create(
            app_label="policy", model=model_name.lower()
        )
        model.objects.create(
            title=title,
            draft_title=title,
            slug=slug,
            content_type=content_type,
            path=column.path + int_to_base36(number).upper().rjust(STEP, "0"),
            depth=column.depth + 1,
            url_path=f"{column.url_path}{slug}/",
            locale=locale,
            introduction=introduction,
        )
    Page.objects.filter(pk=column.pk).update(numchild=below.count())


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0003_editors_publish"),
        ("policy", "0003_topics"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [migrations.RunPython(create_pages, migrations.RunPython.noop)]
