"""What editors had written into the home page's fields becomes its sections; drafts and earlier versions too."""

import json
import uuid

from django.db import migrations

HERO_TITLE = "用好仪器、好服务，让创新更省钱"  # what the site says by itself
CONTACT = ("phone", "email", "address", "hours")


def _block(kind, **value):
    return {"type": kind, "id": str(uuid.uuid4()), "value": {"hidden": False, "title": "", **value}}


def _item(value):
    return {"type": "item", "id": str(uuid.uuid4()), "value": value}


def _as_list(stream):
    """A stream as it is stored: a list, or its JSON."""
    return json.loads(stream or "[]") if isinstance(stream, str) else list(stream or [])


def sections(fields):
    """The home page as it used to look: ``fields`` are the former fields by name, ``guides`` as stored."""
    title = fields.get("hero_title") or ""
    blocks = [
        _block(
            "hero",
            title="" if title == HERO_TITLE else title,
            lead=fields.get("hero_lead") or "",
            placeholder="",
            terms=fields.get("search_terms") or "",
        ),
        _block("services", instruments="", testing="", labs=""),
        _block("figures", shown=["accepting_vouchers", "capabilities", "providers", "cities"]),
        _block("articles", columns=[_item({"source": "notices", "title": ""}), _item({"source": "policies", "title": ""})], number=6, links=True),
        _block("classes", number=15, only_filled=False),
        _block("fields", number=15, only_filled=True),
        _block("instruments", number=8, category="", vouchers=False),
        _block("newest_services", kinds=["testing", "labs"], number=5),
    ]  # fmt: skip
    if guides := _as_list(fields.get("guides")):
        # four a section, as many as one may hold
        blocks += [
            _block("guides", guides=[_item(guide["value"]) for guide in guides[start : start + 4]])
            for start in range(0, len(guides), 4)
        ]
    contact = {way: fields.get(f"contact_{way}") or "" for way in CONTACT}
    if any(contact.values()):
        blocks.append(_block("contact", **contact))
    return blocks


def move_fields(apps, schema_editor):
    ContentType = apps.get_model("contenttypes.ContentType")
    HomePage = apps.get_model("home.HomePage")
    Revision = apps.get_model("wagtailcore.Revision")

    names = ("hero_title", "hero_lead", "search_terms", *(f"contact_{way}" for way in CONTACT))
    for page in HomePage.objects.all():
        fields = {name: getattr(page, name) for name in names}
        page.body = json.dumps(sections({**fields, "guides": page.guides.raw_data}))
        page.save(update_fields=["body"])
    # the editor opens the newest revision, not the row
    home = ContentType.objects.filter(app_label="home", model="homepage")
    for revision in Revision.objects.filter(content_type__in=home).iterator():
        if "body" not in revision.content:
            revision.content["body"] = json.dumps(sections(revision.content))
            revision.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [("home", "0005_home_body"), ("wagtailcore", "0098_apitoken")]
    operations = [migrations.RunPython(move_fields, migrations.RunPython.noop)]
