"""A section of the most booked instruments, on home pages that have the newest ones."""

import json
import uuid

import wagtail.fields
from django.db import migrations

import home.selectors


def with_booked(stream):
    """The sections, with that of the most booked instruments behind the newest ones, where there are those."""
    blocks = json.loads(stream or "[]") if isinstance(stream, str) else list(stream or [])
    kinds = [block["type"] for block in blocks]
    if "booked" in kinds or "instruments" not in kinds:
        return blocks
    place = len(kinds) - kinds[::-1].index("instruments")
    value = {"hidden": False, "title": "", "number": 4}
    return [*blocks[:place], {"type": "booked", "id": str(uuid.uuid4()), "value": value}, *blocks[place:]]


def add_section(apps, schema_editor):
    HomePage = apps.get_model("home.HomePage")
    for page in HomePage.objects.all():
        page.body = json.dumps(with_booked(page.body.raw_data))
        page.save(update_fields=["body"])
    # the editor opens the newest revision, not the row
    home = apps.get_model("contenttypes.ContentType").objects.filter(app_label="home", model="homepage")
    for revision in apps.get_model("wagtailcore.Revision").objects.filter(content_type__in=home).iterator():
        if "body" in revision.content:
            revision.content["body"] = json.dumps(with_booked(revision.content["body"]))
            revision.save(update_fields=["content"])


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0007_drop_home_fields'),
    ]

    operations = [
        migrations.AlterField(
            model_name='homepage',
            name='body',
            field=wagtail.fields.StreamField([('hero', 5), ('banner', 9), ('services', 14), ('figures', 16), ('classes', 19), ('fields', 21), ('instruments', 25), ('booked', 27), ('newest_services', 30), ('articles', 37), ('guides', 49), ('contact', 54), ('links', 59)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': '主标题', 'max_length': 40, 'required': False}), 1: ('wagtail.blocks.CharBlock', (), {'label': '副标题', 'max_length': 120, 'required': False}), 2: ('wagtail.blocks.CharBlock', (), {'label': '搜索框里的示例', 'max_length': 30, 'required': False}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': '用空格隔开，显示在搜索框下方。', 'label': '常用搜索', 'max_length': 120, 'required': False}), 4: ('wagtail.blocks.BooleanBlock', (), {'help_text': '首页上看不到这一块，填写的内容仍然保留。', 'label': '暂不显示', 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('title', 0), ('lead', 1), ('placeholder', 2), ('terms', 3), ('hidden', 4)]], {}), 6: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('info', '提示'), ('wait', '注意'), ('bad', '警示'), ('good', '好消息')], 'label': '类别'}), 7: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'link', 'document-link'], 'label': '内容', 'max_length': 300}), 8: ('wagtail.blocks.DateBlock', (), {'help_text': '过了这一天自动消失；不填则一直显示。', 'label': '显示至', 'required': False}), 9: ('wagtail.blocks.StructBlock', [[('tone', 6), ('text', 7), ('until', 8), ('hidden', 4)]], {}), 10: ('wagtail.blocks.CharBlock', (), {'help_text': '不填则用这一块的通用标题。', 'label': '标题', 'max_length': 20, 'required': False}), 11: ('wagtail.blocks.CharBlock', (), {'label': '仪器共享的说明', 'max_length': 60, 'required': False}), 12: ('wagtail.blocks.CharBlock', (), {'label': '检测服务的说明', 'max_length': 60, 'required': False}), 13: ('wagtail.blocks.CharBlock', (), {'label': '实验服务的说明', 'max_length': 60, 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('title', 10), ('instruments', 11), ('testing', 12), ('labs', 13), ('hidden', 4)]], {}), 15: ('wagtail.blocks.MultipleChoiceBlock', [], {'choices': [('instruments', '仪器共享'), ('testing', '检测服务'), ('labs', '实验服务'), ('accepting_vouchers', '可用创新券'), ('capabilities', '检测能力'), ('providers', '接券机构'), ('cities', '覆盖城市')], 'label': '显示哪些数字'}), 16: ('wagtail.blocks.StructBlock', [[('title', 10), ('shown', 15), ('hidden', 4)]], {}), 17: ('wagtail.blocks.IntegerBlock', (), {'default': 15, 'label': '显示几条', 'max_value': 30, 'min_value': 4}), 18: ('wagtail.blocks.BooleanBlock', (), {'label': '不显示还没有内容的', 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('title', 10), ('number', 17), ('only_filled', 18), ('hidden', 4)]], {}), 20: ('wagtail.blocks.BooleanBlock', (), {'default': True, 'label': '不显示还没有内容的', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('title', 10), ('number', 17), ('only_filled', 20), ('hidden', 4)]], {}), 22: ('wagtail.blocks.IntegerBlock', (), {'default': 8, 'label': '显示几条', 'max_value': 12, 'min_value': 2}), 23: ('wagtail.blocks.ChoiceBlock', [], {'choices': home.selectors.class_choices, 'help_text': '不选则为全部分类。', 'label': '仪器分类', 'required': False}), 24: ('wagtail.blocks.BooleanBlock', (), {'label': '只显示可用创新券的', 'required': False}), 25: ('wagtail.blocks.StructBlock', [[('title', 10), ('number', 22), ('category', 23), ('vouchers', 24), ('hidden', 4)]], {}), 26: ('wagtail.blocks.IntegerBlock', (), {'default': 4, 'label': '显示几条', 'max_value': 12, 'min_value': 2}), 27: ('wagtail.blocks.StructBlock', [[('title', 10), ('number', 26), ('hidden', 4)]], {}), 28: ('wagtail.blocks.MultipleChoiceBlock', [], {'choices': [('testing', '检测服务'), ('labs', '实验服务')], 'label': '服务类别'}), 29: ('wagtail.blocks.IntegerBlock', (), {'default': 5, 'label': '显示几条', 'max_value': 10, 'min_value': 2}), 30: ('wagtail.blocks.StructBlock', [[('title', 10), ('kinds', 28), ('number', 29), ('hidden', 4)]], {}), 31: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('notices', '通知公告'), ('policies', '创新券政策'), ('interpretations', '政策解读')], 'label': '栏目'}), 32: ('wagtail.blocks.CharBlock', (), {'help_text': '不填则用栏目名称。', 'label': '标题', 'max_length': 20, 'required': False}), 33: ('wagtail.blocks.StructBlock', [[('source', 31), ('title', 32)]], {}), 34: ('wagtail.blocks.ListBlock', (33,), {'label': '并排的栏目', 'max_num': 3, 'min_num': 1}), 35: ('wagtail.blocks.IntegerBlock', (), {'default': 6, 'label': '显示几条', 'max_value': 12, 'min_value': 2}), 36: ('wagtail.blocks.BooleanBlock', (), {'default': True, 'help_text': '政策解读、办事指南、常见问题和下载中心中没有并排列出的。', 'label': '显示其他栏目的入口', 'required': False}), 37: ('wagtail.blocks.StructBlock', [[('title', 10), ('columns', 34), ('number', 35), ('links', 36), ('hidden', 4)]], {}), 38: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('building-2', '楼宇'), ('ticket', '创新券'), ('microscope', '仪器'), ('users', '人员')], 'label': '图标'}), 39: ('wagtail.blocks.CharBlock', (), {'label': '标题', 'max_length': 20}), 40: ('wagtail.blocks.CharBlock', (), {'label': '一句话说明', 'max_length': 80, 'required': False}), 41: ('wagtail.blocks.CharBlock', (), {'label': '步骤', 'max_length': 20}), 42: ('wagtail.blocks.CharBlock', (), {'label': '说明', 'max_length': 60, 'required': False}), 43: ('wagtail.blocks.StructBlock', [[('title', 41), ('text', 42)]], {}), 44: ('wagtail.blocks.ListBlock', (43,), {'label': '步骤', 'max_num': 8, 'min_num': 1}), 45: ('wagtail.blocks.CharBlock', (), {'label': '按钮文字', 'max_length': 12, 'required': False}), 46: ('wagtail.blocks.RegexBlock', ('\\A(?:/(?![/\\\\])|https?://)\\S*\\Z',), {'error_messages': {'invalid': '请填写以 / 开头的站内地址，或以 http://、https:// 开头的网址。'}, 'label': '按钮地址', 'max_length': 200, 'required': False}), 47: ('wagtail.blocks.StructBlock', [[('icon', 38), ('title', 39), ('lead', 40), ('steps', 44), ('link_label', 45), ('link_url', 46)]], {}), 48: ('wagtail.blocks.ListBlock', (47,), {'label': '办事步骤', 'max_num': 4, 'min_num': 1}), 49: ('wagtail.blocks.StructBlock', [[('title', 10), ('guides', 48), ('hidden', 4)]], {}), 50: ('wagtail.blocks.CharBlock', (), {'label': '服务电话', 'max_length': 40, 'required': False}), 51: ('wagtail.blocks.EmailBlock', (), {'label': '服务邮箱', 'max_length': 254, 'required': False}), 52: ('wagtail.blocks.CharBlock', (), {'label': '办公地址', 'max_length': 120, 'required': False}), 53: ('wagtail.blocks.CharBlock', (), {'label': '服务时间', 'max_length': 60, 'required': False}), 54: ('wagtail.blocks.StructBlock', [[('title', 10), ('phone', 50), ('email', 51), ('address', 52), ('hours', 53), ('hidden', 4)]], {}), 55: ('wagtail.blocks.CharBlock', (), {'label': '名称', 'max_length': 30}), 56: ('wagtail.blocks.RegexBlock', ('\\A(?:/(?![/\\\\])|https?://)\\S*\\Z',), {'error_messages': {'invalid': '请填写以 / 开头的站内地址，或以 http://、https:// 开头的网址。'}, 'label': '网址', 'max_length': 200, 'required': True}), 57: ('wagtail.blocks.StructBlock', [[('label', 55), ('url', 56)]], {}), 58: ('wagtail.blocks.ListBlock', (57,), {'label': '链接', 'max_num': 30, 'min_num': 1}), 59: ('wagtail.blocks.StructBlock', [[('title', 10), ('links', 58), ('hidden', 4)]], {})}, verbose_name='首页内容'),
        ),
        migrations.RunPython(add_section, migrations.RunPython.noop),
    ]
