"""The blocks of a body, on a page."""

import json

import pytest
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from files.models import SiteImage
from policy.models import Faq, GuideIndexPage, GuidePage, NoticeIndexPage, NoticePage, Topic
from tests.factories import SiteImageFactory
from tests.policy.articles import (
    add_interpretation,
    add_notice,
    add_policy,
    add_private_document,
    attached,
)

pytestmark = pytest.mark.django_db


def page_of(client, *blocks, **fields):
    body = json.dumps([{"type": kind, "value": value} for kind, value in blocks])
    notice = NoticeIndexPage.objects.get().add_child(instance=NoticePage(title="通知", body=body, **fields))
    response = client.get(notice.url)
    assert response.status_code == 200
    return response.content.decode()


def document(name="form.pdf", size=2048):
    return get_document_model().objects.create(
        title="申请表", file=ContentFile(b"%PDF-1.4", name=name), file_size=size
    )


def test_steps_are_a_numbered_list(client):
    page = page_of(
        client,
        ("steps", [{"title": "注册<b>", "text": "<p>选择类型</p>"}, {"title": "填写", "text": ""}]),
    )
    assert '<ol class="steps">' in page
    assert "<h3>注册&lt;b&gt;</h3>" in page
    assert "<p>选择类型</p>" in page
    assert "<h3>填写</h3>" in page


def test_an_accordion_opens_without_a_script(client):
    page = page_of(client, ("accordion", [{"title": "材料", "text": "<p>合同</p>"}]))
    assert '<details class="fold"><summary>' in page
    assert "<span>材料</span>" in page
    assert "<p>合同</p>" in page


def test_a_table_has_a_header_row_a_caption_and_can_be_scrolled_by_keyboard(client):
    table = {
        "columns": [{"type": "text", "heading": "类型"}, {"type": "text", "heading": "比例"}],
        "rows": [{"values": ["仪器共享", "50%"]}],
        "caption": "标准",
    }
    page = page_of(client, ("table", table))
    assert '<th scope="col">类型</th><th scope="col">比例</th>' in page
    assert "<caption>标准</caption>" in page
    assert 'role="region" tabindex="0" aria-label="标准"' in page


def test_an_attachment_says_name_format_and_size(client):
    one = document("form.docx")
    page = page_of(client, ("attachment", one.pk))
    assert f'href="{one.url}"' in page
    assert "Word 文档，2.0" in page


def test_an_attachment_of_unknown_size_says_its_format_alone(client):
    page = page_of(client, ("attachment", document(size=None).pk))
    assert '<span class="attachment__size">PDF</span>' in page


def test_what_was_deleted_from_the_library_leaves_the_page_whole(client):
    gone, image = document(), SiteImageFactory(title="图")
    blocks = [
        ("heading", "一"),
        ("attachment", gone.pk),
        ("image", {"image": {"image": image.pk, "decorative": True, "alt_text": ""}, "caption": "图一"}),
        ("text", f'<p>见<a linktype="document" id="{gone.pk}">附件</a></p>'),
        ("heading", "二"),
    ]
    attached = json.dumps([{"type": "document", "value": gone.pk}])
    get_document_model().objects.filter(pk=gone.pk).delete()
    SiteImage.objects.filter(pk=image.pk).delete()
    page = page_of(client, *blocks, attachments=attached)
    assert "<h2>一</h2>" in page
    assert "<h2>二</h2>" in page
    assert "申请表" not in page
    assert "<figure" not in page
    assert "图一" not in page


def test_a_file_that_not_anybody_may_open_is_named_nowhere(client):
    private, public = add_private_document("内部名单", name="secret.pdf"), document()
    blocks = [
        {"type": kind, "value": value}
        for file in (private, public)
        for kind, value in (
            ("attachment", file.pk),
            ("text", f'<p>见<a linktype="document" id="{file.pk}">这里</a></p>'),
        )
    ]
    fields = {"body": json.dumps(blocks), "attachments": attached(private, public)}
    pages = [
        add_notice("通知", **fields),
        add_policy("办法", **fields),
        add_interpretation("解读", **fields),
        GuideIndexPage.objects.get().add_child(instance=GuidePage(title="指南", **fields)),
    ]
    Faq.objects.create(
        question="在哪里？", answer=blocks[1]["value"] + blocks[3]["value"], topic=Topic.objects.first()
    )
    addresses = [page.url for page in pages] + [f"/api/v2/pages/{page.pk}/" for page in pages]
    for address in (*addresses, "/policy/faq/", "/feed/", "/feed/atom/"):
        html = client.get(address).content.decode()
        assert public.filename in html, address
        for secret in ("内部名单", "secret", private.url):
            assert secret not in html, address


def test_attachments_that_nobody_may_open_have_no_heading(client):
    notice = add_notice("通知", attachments=attached(add_private_document("内部名单")))
    assert "article-attachments" not in client.get(notice.url).content.decode()


def test_a_decorative_image_is_silent_and_sized(client):
    image = SiteImageFactory(title="图")
    page = page_of(
        client, ("image", {"image": {"image": image.pk, "decorative": True, "alt_text": ""}, "caption": ""})
    )
    assert 'alt="" width="640" height="480" loading="lazy"' in page
    assert "<figcaption" not in page


def test_a_notice_box_has_its_tone(client):
    page = page_of(client, ("notice", {"tone": "bad", "title": "警示", "text": "不收费<b>"}))
    assert "notice--bad" in page
    assert "不收费&lt;b&gt;" in page
