"""Institutions, instruments and their files, made up out of the lists; not stored but for accounts and files."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from pypinyin import lazy_pinyin

from accounts.models import AccountKind, User
from catalogue.models import (
    Condition,
    EquipmentKind,
    Instrument,
    InstrumentClass,
    InstrumentPhoto,
    InstrumentSource,
    PriceUnit,
    Sharing,
)
from files.models import PrivateFile, SiteImage
from home.demo import drawing, people
from home.demo.attributes import AttributeValues
from home.demo.dice import Dice, rounded
from home.demo.institutions import BODY_INTRODUCTION, INTRODUCTIONS, SUSPENDED_HOST, Institution
from home.demo.vocabulary import KINDS, NOTICE, SAMPLES, Kind, Product
from institutions.models import HostType, Provider
from institutions.regions import cities

SERVICE_HOURS = (
    "工作日 8:30–17:30",
    "工作日 9:00–18:00，夜间可预约",
    "全年 24 小时，须提前预约",
    "工作日 8:00–18:00，周六上午值班",
)
PHOTO_RENDITIONS = ("fill-480x300|format-webp",)
LOGO_RENDITIONS = ("fill-160x160|format-webp",)
# The share of instruments that have been filled in for the national platform.
REPORTED_SHARE = 0.85
# By the institutions' fields: codes of GB/T 13745.
DISCIPLINES = {
    "materials": "430", "chemistry": "150", "biology": "180", "medical": "310,320", "vehicles": "580",
    "aerospace": "590", "electronics": "510", "chips": "510,140", "optics": "140", "metrology": "410",
    "environment": "610", "atmosphere": "170", "food": "550", "agriculture": "210", "medicine": "350",
    "energy": "480,530", "geology": "170,440", "computing": "520", "nuclear": "490", "textile": "540",
    "water": "570,610",
}  # fmt: skip
FUNDING = ("财政资金", "科研项目经费", "自有资金")
COMPANIES = frozenset({HostType.ENTERPRISE, HostType.TESTING})


def instrument_photos(*, owner: User) -> dict[str, list[SiteImage]]:
    """Two drawn photos for each subject, with the size that lists show."""
    photos: dict[str, list[SiteImage]] = {}
    for index, subject in enumerate(drawing.SUBJECTS):
        for palette in (index % 4, (index + 2) % 4):
            title = f"仪器示意图 {subject}-{palette + 1}"
            image = SiteImage.objects.filter(title=title).first()
            if image is None:
                content = drawing.instrument_photo(subject, palette)
                image = _store_image(title, f"{subject}-{palette}.jpg", content, owner, PHOTO_RENDITIONS)
            photos.setdefault(subject, []).append(image)
    return photos


def _store_image(title: str, name: str, content: bytes, owner: User, renditions: Sequence[str]) -> SiteImage:
    image = SiteImage.objects.create(
        title=title,
        file=ContentFile(content, name=name),
        uploaded_by_user=owner,
        file_size=len(content),
        file_hash=hashlib.sha1(content, usedforsecurity=False).hexdigest(),
    )
    image.get_renditions(*renditions)
    return image


def username_of(key: int, institution: Institution) -> str:
    if key == 0:
        return people.PROVIDER.username
    if institution.host == SUSPENDED_HOST:
        return people.SUSPENDED.username
    return f"{''.join(part[0] for part in lazy_pinyin(institution.host[:6]))}{key:03d}"


def choose(dice: Dice, fields: Sequence[str], count: int) -> list[tuple[Kind, Product]]:
    """So many instruments an institution of these fields owns: all kinds once before any comes twice."""
    kinds = [kind for kind in KINDS if kind.field in fields]
    chosen: list[tuple[Kind, Product]] = []
    while len(chosen) < count:
        dice.shuffle(kinds)
        chosen += [(kind, dice.choice(kind.products)) for kind in kinds]
    return chosen[:count]


class Maker:
    """Makes up one record after the other, as the dice fall."""

    def __init__(self, photos: dict[str, list[SiteImage]], password: str, now: datetime) -> None:
        self.photos = photos
        self.password = password
        self.now = now
        self.classes = InstrumentClass.objects.in_bulk()
        self.attributes = AttributeValues()

    def new_provider(self, key: int, member: Institution, dice: Dice, created: datetime) -> Provider:
        account = self.account(key, member, dice, created)
        city = next(city for city in cities() if city.code == member.city)
        region = f"{member.city}{city.districts.index(member.district) + 2:02d}"
        representative = dice.person()
        provider = Provider(
            account=account,
            host_name=member.host,
            host_code=dice.credit_code("91" if member.host_type in COMPANIES else "12", region),
            host_type=member.host_type,
            is_legal_person=True,
            legal_representative=representative,
            city=member.city,
            district=member.district,
            address=member.street,
            introduction=INTRODUCTIONS[member.host_type].format(host=member.host, strength=member.strength),
            name=member.body,
            contact_name=account.contact_name,
            contact_phone=dice.phone(member.city),
            contact_email=account.email,
            website=f"https://{account.username}.example.com",
            body_introduction=BODY_INTRODUCTION.format(
                body=member.body, staff=dice.randint(8, 46), area=dice.randint(6, 60) * 100,
                count=dice.randint(12, 90), strength=member.strength,
            ),
            declares_registered=True,
            declares_network_member=True,
            declares_equipment=True,
            declares_service_rules=True,
        )  # fmt: skip
        provider.logo = _store_image(
            f"{member.host}标志", f"seal-{key}.png", drawing.seal(member.host, key), account, LOGO_RENDITIONS
        )
        provider.certificate = self.scan(
            provider, "营业执照" if member.host_type in COMPANIES else "事业单位法人证书", representative
        )
        if member.body != member.host:
            provider.affiliation_proof = self.scan(provider, "隶属关系证明", representative)
        return provider

    def account(self, key: int, member: Institution, dice: Dice, created: datetime) -> User:
        username = username_of(key, member)
        account = User.objects.filter(username=username).first()
        if account is None:
            account = User.objects.create(
                username=username,
                email=f"{username}@example.com",
                mobile=f"1990000{key:04d}",
                contact_name=dice.person(),
                kind=AccountKind.PROVIDER,
                password=self.password,
                date_joined=created - timedelta(hours=1),
            )
        EmailAddress.objects.get_or_create(
            user=account, email=account.email, defaults={"verified": True, "primary": True}
        )
        return account

    def scan(self, provider: Provider, title: str, representative: str) -> PrivateFile:
        return self.paper(
            provider.account,
            title,
            [
                ("名称", provider.host_name),
                ("统一代码", provider.host_code),
                ("法定代表人", representative),
                ("住所", f"{provider.place}{provider.address}"),
                ("有效期", "2023-03-01 至 2028-02-28"),
            ],
        )

    def paper(self, owner: User, title: str, rows: list[tuple[str, str]]) -> PrivateFile:
        """A sample certificate as one scans it."""
        content = drawing.certificate(title, rows)
        return PrivateFile.objects.create(
            owner=owner,
            file=ContentFile(content, name="scan.jpg"),
            name=f"{title}（样例）.jpg",
            content_type="image/jpeg",
            extension="jpg",
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )

    def new_instrument(
        self, provider: Provider, kind: Kind, product: Product, number: int, dice: Dice
    ) -> tuple[Instrument, list[InstrumentPhoto]]:
        bought = self.now.date() - timedelta(days=dice.randint(200, 3600))
        price = rounded(dice.uniform(*kind.price))
        unit = PriceUnit(kind.unit).label
        services_offered = kind.services.split("、")
        instrument = Instrument(
            provider=provider,
            name=kind.name,
            name_en=kind.english,
            internal_number=f"{drawing.initials(provider.host_name)[:2]}{bought:%y}{number:03d}",
            instrument_class=self.classes[kind.code],
            model=product.model,
            manufacturer=product.maker,
            origin=product.origin,
            source=InstrumentSource.PURCHASED,
            original_value_amount=Decimal(round(dice.uniform(*kind.value) * 10) * 1000),
            purchased_on=bought,
            specifications=kind.specifications,
            functions=kind.functions,
            sample_requirements=SAMPLES[kind.sample],
            city=provider.city,
            district=provider.district,
            location=f"{provider.address} {dice.choice('ABC')} 座 {dice.randint(1, 6)}{dice.randint(1, 28):02d} 室",
            service_content=f"提供{kind.services}等服务，可协助制定测试方案并解读数据，出具测试报告。",
            price_amount=price,
            price_unit=kind.unit,
            price_list="\n".join(
                f"{service}：{rounded(price * Decimal(factor))} 元/{unit}"
                for service, factor in zip(services_offered, ("1", "1.4", "1.8"), strict=False)
            )
            + "\n加急服务加收 50%；批量委托可协商优惠。",
            service_hours=dice.choice(SERVICE_HOURS),
            user_notice=NOTICE,
            accepts_vouchers=dice.random() < 0.86,
            contact_name=dice.person(),
            contact_phone=dice.phone(provider.city),
            contact_email=provider.contact_email[:50],
            attributes=self.attributes.of_instrument(kind.code, kind.name, dice),
        )
        if dice.random() < REPORTED_SHARE:
            _report(instrument, kind, dice)
        photo = dice.choice(self.photos[kind.drawing])
        return instrument, [InstrumentPhoto(instrument=instrument, image=photo, sort_order=0)]


def _report(instrument: Instrument, kind: Kind, dice: Dice) -> None:
    """What the national platform asks for besides."""
    run = dice.randint(20, 320) * 10
    instrument.equipment_kind = EquipmentKind.GENERAL if kind.code.startswith("0") else EquipmentKind.SPECIAL
    instrument.condition = Condition.OCCASIONAL if dice.random() < 0.08 else Condition.NORMAL
    instrument.sharing = Sharing.EXTERNAL
    instrument.run_hours, instrument.served_hours = run, run * dice.randint(10, 70) // 100
    instrument.disciplines = DISCIPLINES[kind.field]
    instrument.funding_source = dice.choice(FUNDING)
