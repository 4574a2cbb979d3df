"""Something of every kind on the public site, for tests that look at all its pages."""

import datetime
import json

from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Page

from catalogue.models import Instrument
from policy.models import (
    Download,
    DownloadsPage,
    Faq,
    GuideIndexPage,
    GuidePage,
    InterpretationIndexPage,
    InterpretationPage,
    NoticeIndexPage,
    NoticePage,
    PolicyIndexPage,
    PolicyPage,
    Topic,
)
from tests.factories import (
    AttributeFactory,
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    QualificationFactory,
    SiteImageFactory,
    TestingServiceFactory,
)


def add_records() -> Instrument:
    """Two instruments, and one of everything else that their provider may offer. Returns the first instrument."""
    attribute = AttributeFactory(instrument_class_id="010200", is_facet=True)
    instrument = InstrumentFactory(approved=True, attributes={str(attribute.pk): 3})
    provider = instrument.provider
    InstrumentFactory(approved=True, provider=provider, attributes={str(attribute.pk): 5})
    soon = timezone.localdate() + datetime.timedelta(days=9)
    qualification = QualificationFactory(approved=True, provider=provider, valid_to=soon)
    CapabilityFactory(approved=True, provider=provider, qualification=qualification)
    TestingServiceFactory(approved=True, provider=provider, instruments=[instrument])
    LabServiceFactory(approved=True, provider=provider, instruments=[instrument])
    return instrument


def add_articles() -> list[str]:
    """Every kind of article, with every kind of block. Returns the addresses of all pages below the home page."""
    document = get_document_model().objects.create(title="Form", file="documents/form.pdf", file_size=2_000)
    topic = Topic.objects.first()
    today = timezone.localdate()
    article = {"summary": "Text", "body": _body(document.pk), "attachments": _stream(document=document.pk)}
    dated = {**article, "issuer": "Office"}

    notices, policies = NoticeIndexPage.objects.get(), PolicyIndexPage.objects.get()
    notices.add_child(instance=NoticePage(title="Notice", topics=[topic], **dated))
    notices.add_child(instance=NoticePage(title="Pinned notice", pinned=True, **dated))
    rules = PolicyPage(title="Rules", document_number="1", effective_on=today, topics=[topic], **dated)
    policies.add_child(instance=rules)
    later = today + datetime.timedelta(days=9)
    policies.add_child(instance=PolicyPage(title="New rules", effective_on=later, **dated))
    policies.add_child(instance=PolicyPage(title="Old rules", status="repealed", replaced_by=rules, **dated))
    InterpretationIndexPage.objects.get().add_child(
        instance=InterpretationPage(title="Rules explained", policy=rules, **dated)
    )
    flow = json.dumps(
        [
            {"type": "step", "value": {"actor": actor, "title": "Step", "text": "Text", "duration": "1 h"}}
            for actor in ("provider", "consumer", "office")
        ]
    )
    for audience in ("provider", "consumer", "everyone"):
        GuideIndexPage.objects.get().add_child(
            instance=GuidePage(title=f"Guide {audience}", audience=audience, flow=flow, **article)
        )
    Faq.objects.create(question="Why?", answer="<p>Text</p>", topic=topic)
    Download.objects.create(page=DownloadsPage.objects.get(), document=document, topic=topic)
    return [page.url for page in Page.objects.live().filter(depth__gt=2)]


def _stream(**block: object) -> str:
    return json.dumps([{"type": kind, "value": value} for kind, value in block.items()])


def _body(document: int) -> str:
    image = {"image": SiteImageFactory().pk, "decorative": False, "alt_text": "Photo"}
    titled = [{"type": "item", "value": {"title": "One", "text": "<p>Text</p>"}}]
    columns = [{"type": "text", "heading": name} for name in ("Item", "Amount", "Remark")]
    return _stream(
        heading="Heading",
        text="<p>Text with <a href='/notices/'>a link</a></p>",
        table={"columns": columns, "rows": [{"values": ["Cell"] * 3}], "caption": "Table"},
        image={"image": image, "caption": "Caption"},
        attachment=document,
        notice={"tone": "wait", "title": "", "text": "Text"},
        steps=titled,
        accordion=titled,
    )
