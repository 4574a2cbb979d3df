"""Catalogues to measure with: as many different instruments as asked for, the same ones each time.

Names, makers and abbreviations are real, because the words decide how well and how fast a search works:
how often 仪 occurs, how alike names are, how codes mix with Chinese. Who owns what is invented.
"""

import io
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from bench.vocabulary import (
    ANALYSES,
    BODIES,
    CITIES,
    FIELDS,
    FIGURES,
    HOSTS,
    KINDS,
    MAKERS,
    QUALITIES,
    SAMPLES,
    SERIES,
    STANDARDS,
)

INSTRUMENTS_PER_PROVIDER = 150
BATCH = 2_000
PHOTOS = 8


def make_catalogue(rows: int, providers: int = 0) -> None:
    """Fill the database with ``rows`` public instruments and their providers, without the search index."""
    from catalogue.models import Instrument, InstrumentPhoto

    chance = random.Random(20)
    owners = _make_providers(providers or max(rows // INSTRUMENTS_PER_PROVIDER, 10))
    images = _make_images()
    values = _instruments(chance, rows, owners)
    while batch := [Instrument(**fields) for fields in islice(values, BATCH)]:
        made = Instrument.objects.bulk_create(batch)
        InstrumentPhoto.objects.bulk_create(
            InstrumentPhoto(instrument=instrument, image=images[instrument.pk % PHOTOS], sort_order=0)
            for instrument in made
        )


def _instruments(chance: random.Random, rows: int, providers: list[Any]) -> Iterator[dict[str, Any]]:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    pick, some = chance.choice, chance.sample
    for number in range(rows):
        name, english, abbreviation, code = pick(KINDS).split("|")
        if chance.random() < 0.5:
            name = pick(QUALITIES) + name
        if abbreviation and chance.random() < 0.3:
            name += f"（{abbreviation}）"
        provider = pick(providers)
        published = start + timedelta(minutes=17 * number)
        yield {
            "provider": provider,
            "name": name,
            "name_en": f"{english} ({abbreviation})" if abbreviation else english,
            "internal_number": f"YQ{number:07d}",
            "instrument_class_id": code,
            "model": _model(chance),
            "manufacturer": pick(MAKERS),
            "origin": "中国",
            "source": "purchased",
            "original_value_amount": Decimal(chance.randrange(20, 900)) * 10_000,
            "purchased_on": published.date(),
            "specifications": "；".join(_figure(chance, text) for text in some(FIGURES, 3)),
            "functions": f"用于{'、'.join(some(SAMPLES, 3))}的{'、'.join(some(ANALYSES, 3))}，"
            f"服务{'、'.join(some(FIELDS, 2))}等领域。",
            "sample_requirements": "样品干燥、洁净，固体不少于 1 g。",
            "city": provider.city,
            "district": provider.district,
            "location": provider.address,
            "service_content": f"{'、'.join(some(ANALYSES, 3))}；执行 {'、'.join(some(STANDARDS, 2))}。",
            "price_amount": Decimal(pick((30, 80, 150, 300, 500, 800, 1_500, 4_000, 12_000)))
            + chance.randrange(0, 20),
            "price_unit": pick(("sample", "hour", "run", "day", "item")),
            "service_hours": "工作日 8:30–17:30",
            "accepts_vouchers": chance.random() < 0.7,
            "contact_name": "王敏",
            "contact_phone": "029-88880000",
            "status": "approved",
            "live": True,
            "first_published_at": published,
            "last_published_at": published,
        }


def _model(chance: random.Random) -> str:
    digits = chance.randrange(100, 99_999)
    return chance.choice(
        (
            f"{chance.choice(SERIES)}{digits}",
            f"{chance.choice(SERIES)}-{digits}",
            f"{digits // 10}{chance.choice('ABCDX')}",
            f"{chance.randrange(5000, 9000)}B-{chance.randrange(5000, 9000)}A",
            f"{chance.choice(SERIES)} {digits // 10} {chance.choice(('Plus', 'Pro', 'Ultra', 'MK2'))}",
            f"{chance.choice('ABCDEFGHJKLMNPRSTWXYZ')}{chance.choice('ABCDEFGHJKLMNPRSTWXYZ')}{digits}",
        )
    )


def _figure(chance: random.Random, text: str) -> str:
    return text.format(
        a=chance.randrange(10, 200),
        b=chance.randrange(200, 2_000),
        c=chance.randrange(1, 30),
        d=chance.choice(("0.1", "0.5", "1.0", "0.02", "2")),
        e=chance.randrange(1, 99) * 100,
    )


def _make_providers(count: int) -> list[Any]:
    from accounts.models import AccountKind, User
    from institutions.models import Provider
    from institutions.regions import cities

    chance = random.Random(7)
    regions = cities()
    accounts = User.objects.bulk_create(
        User(
            username=f"机构{number}",
            email=f"provider{number}@example.com",
            mobile=f"139{number:08d}",
            kind=AccountKind.PROVIDER,
        )
        for number in range(count)
    )
    providers = []
    for number, account in enumerate(accounts):
        city = number % len(CITIES)
        host = f"{CITIES[city]}{chance.choice(HOSTS)}{chance.choice(BODIES)}"
        providers.append(
            Provider(
                account=account,
                host_name=host,
                host_type="institute",
                name=f"{host}分析测试中心{number}",
                city=f"61{city + 1:02d}",
                district=regions[city].districts[0],
                address=f"科技路 {number} 号",
                status="approved",
                live=True,
            )
        )
    return Provider.objects.bulk_create(providers)


def _make_images() -> list[Any]:
    from django.core.files.base import ContentFile
    from PIL import Image

    from files.models import SiteImage

    images = []
    for number in range(PHOTOS):
        picture = io.BytesIO()
        Image.new("RGB", (640, 480), (30 * number, 90, 200 - 20 * number)).save(picture, "JPEG")
        images.append(
            SiteImage.objects.create(
                title="仪器照片", file=ContentFile(picture.getvalue(), name=f"{number}.jpg")
            )
        )
    return images
