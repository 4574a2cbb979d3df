"""The home page as an editor of the invented province would have arranged it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from home.models import HomePage

BANNER_DAYS = 14
GUIDES = [
    {
        "icon": "building-2",
        "title": "我是接券机构",
        "lead": "高校、院所和检测机构：开放仪器，服务企业",
        "steps": [
            {"title": "注册账户", "text": "账户类型选择“接券机构”"},
            {"title": "填写机构信息", "text": "提交后 2 个工作日内审核，通过即可接券"},
            {"title": "录入仪器和服务", "text": "逐条新增，或用 Excel 模板批量导入"},
            {"title": "对外服务", "text": "答复预约、接受订单，服务完成后点击“完成”"},
        ],
        "link_label": "接券机构指南",
        "link_url": "/policy/guides/",
    },
    {
        "icon": "ticket",
        "title": "我是用券机构",
        "lead": "科技型中小企业和创新团队：找仪器，做研发",
        "steps": [
            {"title": "了解政策", "text": "先看清支持对象、支持范围和办理流程"},
            {"title": "注册账户", "text": "账户类型选择“创新券使用机构”"},
            {"title": "查找仪器和服务", "text": "按名称、标准、分类、城市和价格筛选"},
            {"title": "预约下单", "text": "点击“立即预约”，机构接受后确认并下单"},
        ],
        "link_label": "用券机构指南",
        "link_url": "/policy/guides/",
    },
]
BODY: list[tuple[str, dict[str, Any]]] = [
    (
        "hero",
        {
            "lead": "高校、院所和检测机构的大型仪器与技术服务在这里集中开放：检索、比较、在线预约下单。",
            "terms": "质谱 扫描电镜 X射线衍射 GB/T228.1 兑付",
        },
    ),
    ("services", {}),
    (
        "banner",
        {
            "tone": "info",
            "text": '<p>本年度创新券常年受理、随到随审，详见<a href="/notices/apply-now/">年度申领通知</a>。</p>',
        },
    ),
    ("figures", {}),
    (
        "articles",
        {"columns": [{"source": "notices", "title": ""}, {"source": "policies", "title": ""}], "number": 6},
    ),
    ("classes", {}),
    ("fields", {}),
    ("instruments", {}),
    ("booked", {"number": 4}),
    ("newest_services", {}),
    ("guides", {"guides": GUIDES}),
    (
        "contact",
        {
            "phone": "029-85550100",
            "email": "service@example.com",
            "address": "西安市雁塔区科技路 100 号 省科技资源统筹中心",
            "hours": "工作日 9:00–12:00，14:00–18:00",
        },
    ),
    (
        "links",
        {
            "links": [
                {"label": "省科学技术厅", "url": "https://kjt.example.gov.cn/"},
                {"label": "省大型科学仪器协作共用网", "url": "https://instruments.example.gov.cn/"},
                {"label": "省科技资源统筹中心", "url": "https://centre.example.gov.cn/"},
                {"label": "国家网络管理平台", "url": "https://nrii.example.gov.cn/"},
                {"label": "开放接口", "url": "/api/v1/docs/"},
            ]
        },
    ),
]


def arrange_home(*, editor: User) -> None:
    """Once: an arrangement somebody has saved is theirs."""
    page = HomePage.objects.first()
    if page is None or page.latest_revision_id is not None:
        return
    until = timezone.localdate() + timedelta(days=BANNER_DAYS)
    page.body = [(kind, {**value, "until": until} if kind == "banner" else value) for kind, value in BODY]
    revision = page.save_revision(user=editor, clean=False)
    revision.publish(user=editor, skip_permission_checks=True)
