"""The site as it first opens: home page, notices and policies, in place of Wagtail's welcome page."""

import json
import uuid

from django.conf import settings
from django.db import migrations

SITE_NAME = "科技创新券服务平台"


def _guide(icon, title, lead, steps, link_label, link_url):
    return {
        "type": "guide",
        "id": str(uuid.uuid4()),
        "value": {
            "icon": icon,
            "title": title,
            "lead": lead,
            "steps": [
                {"type": "item", "id": str(uuid.uuid4()), "value": {"title": step, "text": text}}
                for step, text in steps
            ],
            "link_label": link_label,
            "link_url": link_url,
        },
    }


GUIDES = [
    _guide(
        "building-2",
        "我是接券机构",
        "高校、院所和检测机构：开放仪器，服务企业",
        [
            ("注册账户", "账户类型选择“接券机构”"),
            ("填写机构信息", "提交后 2 个工作日内审核，通过即可接券"),
            ("新增仪器", "填写基本信息、服务信息和负责人，提交审核"),
            ("对外服务", "审核通过的仪器公开展示，用户可以检索联系"),
        ],
        "注册接券机构",
        "/accounts/signup/",
    ),
    _guide(
        "ticket",
        "我是用券机构",
        "科技型中小企业和创新团队：找仪器，做研发",
        [
            ("了解政策", "先看清支持对象、支持范围和办理流程"),
            ("注册账户", "账户类型选择“创新券使用机构”"),
            ("查找仪器", "按名称、型号、分类、城市和价格筛选"),
            ("联系机构", "登录后查看仪器负责人电话，商定服务内容"),
        ],
        "查找仪器",
        "/catalogue/instruments/",
    ),
]


def create_site(apps, schema_editor):
    ContentType = apps.get_model("contenttypes.ContentType")
    Locale = apps.get_model("wagtailcore.Locale")
    Page = apps.get_model("wagtailcore.Page")
    Site = apps.get_model("wagtailcore.Site")
    HomePage = apps.get_model("home.HomePage")
    NoticeIndexPage = apps.get_model("policy.NoticeIndexPage")
    PolicyIndexPage = apps.get_model("policy.PolicyIndexPage")

    if HomePage.objects.exists():
        return
    locale, _created = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.objects.get(depth=1)
    # Historical models know nothing of the tree, so the numbers treebeard keeps are written by hand.
    Page.objects.filter(depth=2, slug="home").delete()

    def add(model, *, path, title, slug, url_path, **fields):
        content_type, _created = ContentType.objects.get_or_create(
            app_label=model._meta.app_label, model=model._meta.model_name
        )
        return model.objects.create(
            title=title,
            draft_title=title,
            slug=slug,
            content_type=content_type,
            path=path,
            depth=len(path) // 4,
            url_path=url_path,
            locale=locale,
            **fields,
        )

    home = add(
        HomePage,
        path=root.path + "0001",
        title="首页",
        slug="home",
        url_path="/home/",
        numchild=2,
        hero_title="用好仪器、好服务，让创新更省钱",
        hero_lead="高校、院所和检测机构的大型仪器在这里集中开放：检索仪器，比较价格，直接联系负责人。",
        search_terms="质谱 扫描电镜 X射线衍射 气相色谱",
        guides=json.dumps(GUIDES),
    )
    add(
        NoticeIndexPage,
        path=home.path + "0001",
        title="通知公告",
        slug="notices",
        url_path="/home/notices/",
        introduction="申领、兑付、公示和系统维护的最新消息",
    )
    add(
        PolicyIndexPage,
        path=home.path + "0002",
        title="创新券政策",
        slug="policy",
        url_path="/home/policy/",
        introduction="管理办法、实施细则和配套文件",
    )
    Page.objects.filter(pk=root.pk).update(numchild=Page.objects.filter(depth=2).count())
    Site.objects.filter(is_default_site=True).delete()
    Site.objects.create(hostname="localhost", site_name=SITE_NAME, root_page_id=home.pk, is_default_site=True)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("policy", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [migrations.RunPython(create_site, migrations.RunPython.noop)]
