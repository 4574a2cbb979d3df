"""What the tests of searching share."""

import pytest
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from policy.models import (
    Download,
    DownloadsPage,
    GuideIndexPage,
    GuidePage,
    PolicyIndexPage,
    PolicyPage,
)
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
)
from tests.home.searching import add_notice, add_question


@pytest.fixture
def everything(db):
    """One of each kind that has 拉伸 in it."""
    provider = ProviderFactory(approved=True, name="拉伸检测中心")
    qualification = QualificationFactory(approved=True, provider=provider)
    instrument = InstrumentFactory(approved=True, provider=provider, name="电子拉伸试验机")
    TestingServiceFactory(approved=True, provider=provider, name="金属拉伸试验", instruments=[instrument])
    LabServiceFactory(approved=True, provider=provider, name="拉伸工艺研究", instruments=[instrument])
    CapabilityFactory(
        approved=True,
        provider=provider,
        qualification=qualification,
        object_name="金属材料",
        parameter="拉伸强度",
        standard_number="GB/T 228.1-2021",
        standard_name="金属材料 拉伸试验",
    )
    PolicyIndexPage.objects.get().add_child(
        instance=PolicyPage(title="拉伸试验补助办法", document_number="陕科〔2026〕1号")
    )
    GuideIndexPage.objects.get().add_child(instance=GuidePage(title="拉伸试验怎么约"))
    add_notice("关于拉伸试验的通知", "请各单位知悉")
    add_question("拉伸试验能用创新券吗？", "可以")
    document = get_document_model()(title="拉伸试验委托单")
    document.file.save("form.pdf", ContentFile(b"%PDF-1.4"))
    Download.objects.create(page=DownloadsPage.objects.get(), document=document)
    return instrument
