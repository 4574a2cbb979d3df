"""The invented province: its institutions, their instruments, and what is going on with them just now.

Everything follows from the order of the lists and from random numbers with fixed seeds, so that two
loads agree. What exists already (an account, an internal number, a page) is left as it is.
"""

import hashlib
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.utils import timezone
from pypinyin import lazy_pinyin

from accounts.models import AccountKind, User
from catalogue.models import Instrument, InstrumentClass, InstrumentPhoto, InstrumentSource, PriceUnit
from files.models import PrivateFile, SiteImage
from home.demo import drawing, people
from home.demo.approvals import Approved, create_approved
from home.demo.clock import at
from home.demo.institutions import (
    BODY_INTRODUCTION,
    GIVEN_NAMES,
    INSTITUTIONS,
    INTRODUCTIONS,
    SURNAMES,
    Institution,
)
from home.demo.vocabulary import KINDS, NOTICE, SAMPLES, Kind, Product
from institutions.codes import organisation_check_character, uscc_check_character
from institutions.models import HostType, Provider
from institutions.regions import cities
from workflow import services
from workflow.working_days import is_working_day

AREA_CODES = {
    "6101": "029", "6102": "0919", "6103": "0917", "6104": "029", "6105": "0913",
    "6106": "0911", "6107": "0916", "6108": "0912", "6109": "0915", "6110": "0914",
}  # fmt: skip
SERVICE_HOURS = (
    "工作日 8:30–17:30",
    "工作日 9:00–18:00，夜间可预约",
    "全年 24 小时，须提前预约",
    "工作日 8:00–18:00，周六上午值班",
)
PHOTO_RENDITIONS = ("fill-480x300|format-webp",)
LOGO_RENDITIONS = ("fill-160x160|format-webp",)

# What is not approved, by host name; everything else in the list is.
WAITING_HOSTS = {
    "略阳矿产品检测有限公司": 6,
    "旬阳质量技术检测有限公司": 2,
    "府谷恒源特种设备检测有限公司": 0,
}
RESUBMITTED_HOST = "洛南矿产综合利用研究所"
RETURNED_HOSTS = {
    "靖边风光储检测技术有限公司": (
        "证照信息需要补正，请修改后重新提交。",
        {"certificate": "扫描件右下角印章不清晰，请重新扫描上传。", "legal_representative": "与证照所载姓名不一致，请核对。"},
    ),
    "柞水医药检测有限公司": (
        "联系方式无法接通，检测机构简介过于简单。",
        {"contact_phone": "多次拨打无人接听，请填写能联系到的电话。", "body_introduction": "请补充人员、场地和主要检测能力。"},
    ),
}  # fmt: skip
DRAFT_HOST = "宜君绿源农产品有限公司"
UNAPPROVED_HOSTS = {*WAITING_HOSTS, RESUBMITTED_HOST, *RETURNED_HOSTS, DRAFT_HOST}

# Days ago that the instruments in the queue were submitted; the target is 2 working days.
WAITING_DAYS = (0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 7, 9)
RESUBMITTED_DAYS = (0, 1, 1, 3, 6)
RETURNS: tuple[tuple[str, dict[str, str]], ...] = (
    ("照片不是仪器本身，请更换。", {"photos": "上传的是实验室门牌，请上传仪器正面照片。"}),
    ("价格与收费公示不一致，请核对。", {"price_amount": "公示为每小时计价，此处为每样品，请统一。"}),
    ("技术指标过于简单，用户无法判断是否适用。", {"specifications": "请补充分辨率、量程和主要附件。"}),
    ("分类有误，请重新选择。", {"instrument_class": "该仪器应归入“光谱仪器”。"}),
    ("负责人电话为总机，请填写能直接联系的号码。", {"contact_phone": "请填写仪器负责人手机或直拨电话。"}),
    ("原值与启用日期和资产台账不符，请核对后提交。", {"original_value_amount": "台账为含税价。", "purchased_on": "验收日期晚于启用日期。"}),
)  # fmt: skip


@dataclass
class Outcome:
    """What one load has added."""

    providers: int = 0
    instruments: int = 0
    submissions: int = 0


def load_province(*, scale: int, password: str) -> Outcome:
    """Bring the province to its full size; whatever is there already stays as it is."""
    accounts = people.create_logins(password)
    reviewers = (accounts[people.REVIEWER.username], accounts[people.SECOND_REVIEWER.username])
    photos = instrument_photos(owner=accounts[people.ADMIN.username])
    institutions = [member for number in range(scale) for member in _edition(number)]
    return Builder(reviewers, photos, password).build(institutions)


def _edition(number: int) -> Iterator[tuple[int, Institution]]:
    """The list of institutions; from the second time on with branches in its place."""
    for index, institution in enumerate(INSTITUTIONS):
        key = number * len(INSTITUTIONS) + index
        if number == 0:
            yield key, institution
        else:
            branch = f"（第{number + 1}分中心）"
            yield key, replace(institution, host=institution.host + branch, body=institution.body + branch)


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


class Builder:
    """Makes institutions and instruments out of the lists, and brings each to where it stands."""

    def __init__(
        self, reviewers: tuple[User, User], photos: dict[str, list[SiteImage]], password: str
    ) -> None:
        self.reviewers = reviewers
        self.photos = photos
        self.password = password
        self.now = timezone.now()
        self.classes = InstrumentClass.objects.in_bulk()
        self.outcome = Outcome()

    def build(self, institutions: Sequence[tuple[int, Institution]]) -> Outcome:
        known = set(
            User.objects.filter(kind=AccountKind.PROVIDER, provider__isnull=False).values_list(
                "username", flat=True
            )
        )
        new = [(key, member) for key, member in institutions if self.username(key, member) not in known]
        approved = self.approved_providers([pair for pair in new if pair[1].host not in UNAPPROVED_HOSTS])
        self.approved_instruments(approved)
        if any(key == 0 for key, _member in new):
            self.going_on(approved)
            self.unapproved_providers([pair for pair in new if pair[1].host in UNAPPROVED_HOSTS])
        return self.outcome

    # institutions

    def username(self, key: int, institution: Institution) -> str:
        if key == 0:
            return people.PROVIDER.username
        return f"{''.join(part[0] for part in lazy_pinyin(institution.host[:6]))}{key:03d}"

    def approved_providers(
        self, members: Sequence[tuple[int, Institution]]
    ) -> list[tuple[int, Institution, Provider]]:
        cases, made = [], []
        for key, member in members:
            dice = _dice(f"provider {key}")
            created = self.moment(dice, dice.randint(130, 420))
            submitted = created + timedelta(hours=dice.randint(2, 30))
            provider = self.new_provider(key, member, dice, created)
            decided = self.office_hours(dice, submitted + timedelta(hours=dice.randint(6, 40)))
            cases.append(Approved(provider, created, submitted, decided, dice.choice(self.reviewers)))
            made.append((key, member, provider))
        create_approved(cases)
        self.outcome.providers += len(cases)
        return made

    def new_provider(self, key: int, member: Institution, dice: random.Random, created: datetime) -> Provider:
        account = self.account(key, member, dice, created)
        city = next(city for city in cities() if city.code == member.city)
        region = f"{member.city}{city.districts.index(member.district) + 2:02d}"
        representative = _person(dice)
        provider = Provider(
            account=account,
            host_name=member.host,
            host_code=credit_code(dice, "91" if member.host_type in _COMPANIES else "12", region),
            host_type=member.host_type,
            is_legal_person=True,
            legal_representative=representative,
            city=member.city,
            district=member.district,
            address=member.street,
            introduction=INTRODUCTIONS[member.host_type].format(host=member.host, strength=member.strength),
            name=member.body,
            contact_name=account.contact_name,
            contact_phone=self.phone(dice, member.city),
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
        provider.certificate = self.scan(provider, _CERTIFICATES[member.host_type], representative)
        if member.body != member.host:
            provider.affiliation_proof = self.scan(provider, "隶属关系证明", representative)
        return provider

    def account(self, key: int, member: Institution, dice: random.Random, created: datetime) -> User:
        username = self.username(key, member)
        account = User.objects.filter(username=username).first()
        if account is None:
            account = User.objects.create(
                username=username,
                email=f"{username}@example.com",
                mobile=f"1990000{key:04d}",
                contact_name=_person(dice),
                kind=AccountKind.PROVIDER,
                password=self.password,
                date_joined=created - timedelta(hours=1),
            )
        EmailAddress.objects.get_or_create(
            user=account, email=account.email, defaults={"verified": True, "primary": True}
        )
        return account

    def scan(self, provider: Provider, title: str, representative: str) -> PrivateFile:
        content = drawing.certificate(
            title,
            [
                ("名称", provider.host_name),
                ("统一代码", provider.host_code),
                ("法定代表人", representative),
                ("住所", f"{provider.place}{provider.address}"),
                ("有效期", "2023-03-01 至 2028-02-28"),
            ],
        )
        return PrivateFile.objects.create(
            owner=provider.account,
            file=ContentFile(content, name="scan.jpg"),
            name=f"{title}（样例）.jpg",
            content_type="image/jpeg",
            extension="jpg",
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )

    # instruments

    def approved_instruments(self, providers: Sequence[tuple[int, Institution, Provider]]) -> None:
        cases = []
        for key, member, provider in providers:
            dice = _dice(f"instruments {key}")
            count = 20 if key == 0 else dice.randint(8, 12)
            for number, (kind, product) in enumerate(_choice(dice, member.fields, count), start=1):
                oldest = max(6, (self.now - (provider.decided_at or self.now)).days - 2)
                created = self.moment(dice, dice.randint(5, oldest))
                submitted = created + timedelta(hours=dice.randint(1, 20))
                decided = self.office_hours(dice, submitted + timedelta(hours=dice.randint(4, 44)))
                instrument, photos = self.new_instrument(provider, kind, product, number, dice)
                reviewer = dice.choice(self.reviewers)
                cases.append(Approved(instrument, created, submitted, decided, reviewer, photos))
        cases.sort(key=lambda case: case.created_at)
        create_approved(cases)
        self.outcome.instruments += len(cases)

    def new_instrument(
        self, provider: Provider, kind: Kind, product: Product, number: int, dice: random.Random
    ) -> tuple[Instrument, list[InstrumentPhoto]]:
        bought = self.now.date() - timedelta(days=dice.randint(200, 3600))
        price = _rounded(dice.uniform(*kind.price))
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
                f"{service}：{_rounded(price * Decimal(factor))} 元/{unit}"
                for service, factor in zip(services_offered, ("1", "1.4", "1.8"), strict=False)
            )
            + "\n加急服务加收 50%；批量委托可协商优惠。",
            service_hours=dice.choice(SERVICE_HOURS),
            user_notice=NOTICE,
            accepts_vouchers=dice.random() < 0.86,
            contact_name=_person(dice),
            contact_phone=self.phone(dice, provider.city),
            contact_email=provider.contact_email[:50],
        )
        photo = dice.choice(self.photos[kind.drawing])
        return instrument, [InstrumentPhoto(instrument=instrument, image=photo, sort_order=0)]

    # what is going on just now: through the services, at times that have passed

    def going_on(self, providers: Sequence[tuple[int, Institution, Provider]]) -> None:
        """Instruments in the queue, sent back, being drafted and being changed."""
        dice = _dice("going on")
        turn = itertools.cycle(providers)
        _key, _member, main = providers[0]
        number = 500

        def draft(member: Institution, provider: Provider, days_ago: int, **blank: str) -> Instrument:
            nonlocal number
            number += 1
            [(kind, product)] = _choice(dice, member.fields, 1)
            instrument, photos = self.new_instrument(provider, kind, product, number, dice)
            for name, value in blank.items():
                setattr(instrument, name, value)
            instrument.photos = photos  # type: ignore[misc]
            with at(self.moment(dice, days_ago)):
                services.create_draft(record=instrument, actor=provider.account)
            self.outcome.instruments += 1
            return instrument

        for days in WAITING_DAYS:
            _key, member, provider = next(turn)
            self.submit(draft(member, provider, days + 1), days, dice)
        for days, (reason, notes) in zip((1, 2, 2, 4, 6, 11), RETURNS, strict=True):
            owner = (main, providers[0][1]) if days == 1 else next(turn)[2:0:-1]
            provider, member = owner
            instrument = self.submit(draft(member, provider, days + 3), days + 2, dice)
            self.send_back(instrument, days, reason, notes, dice)
        for days in (1, 3, 8, 20):
            _key, member, provider = next(turn)
            draft(member, provider, days)
        draft(providers[0][1], main, 1)
        draft(providers[0][1], main, 2, specifications="", functions="", service_content="", contact_name="")

        of_main = list(main.instruments.approved().order_by("pk")[:2])
        changed = [*of_main[:1], *(row[2].instruments.approved().first() for row in providers[3:7])]
        for instrument, days in zip(changed, RESUBMITTED_DAYS, strict=True):
            self.submit(self.change(instrument, days + 1, dice), days, dice)
        self.change(of_main[1], 2, dice)

    def submit(
        self, record: Instrument | Provider, days_ago: int, dice: random.Random
    ) -> Instrument | Provider:
        with at(self.moment(dice, days_ago)):
            record = services.submit(record=record, actor=record.owner)
        self.outcome.submissions += 1
        return record

    def send_back(
        self,
        record: Instrument | Provider,
        days_ago: int,
        reason: str,
        notes: dict[str, str],
        dice: random.Random,
    ) -> None:
        with at(self.moment(dice, days_ago)):
            services.return_for_changes(
                record=record, actor=dice.choice(self.reviewers), reason=reason, notes=notes
            )

    def change(self, instrument: Instrument, days_ago: int, dice: random.Random) -> Instrument:
        """Withdraw an approved instrument and change its price, hours and person in charge."""
        actor = instrument.owner
        with at(self.moment(dice, days_ago)):
            instrument = services.withdraw(record=instrument, actor=actor)
            instrument.price_amount = _rounded((instrument.price_amount or Decimal(100)) * Decimal("1.2"))
            instrument.service_hours = "工作日 8:30–20:00，周六可预约"
            instrument.contact_name = _person(dice)
            instrument.functions = f"{instrument.functions}{_ADDITION}"
            return services.save_draft(record=instrument, actor=actor, version=instrument.version)

    def unapproved_providers(self, members: Sequence[tuple[int, Institution]]) -> None:
        """Institutions that wait, were sent back or are still being filled in."""
        for key, member in members:
            dice = _dice(f"provider {key}")
            days = WAITING_HOSTS.get(member.host, 3)
            provider = self.new_provider(key, member, dice, self.moment(dice, days + 8))
            actor = provider.account
            if member.host == DRAFT_HOST:
                provider.introduction = provider.body_introduction = ""
                provider.certificate = None
            with at(self.moment(dice, days + 6)):
                services.create_draft(record=provider, actor=actor)
            self.outcome.providers += 1
            if member.host == DRAFT_HOST:
                continue
            provider = self.submit(provider, days + (2 if member.host not in WAITING_HOSTS else 0), dice)
            if member.host in RETURNED_HOSTS:
                self.send_back(provider, days, *RETURNED_HOSTS[member.host], dice)
            elif member.host == RESUBMITTED_HOST:
                with at(self.moment(dice, days + 1)):
                    provider = services.approve(record=provider, actor=self.reviewers[0])
                with at(self.moment(dice, days)):
                    provider = services.withdraw(record=provider, actor=actor)
                    provider.legal_representative = _person(dice)
                    provider.address = "华阳路 25 号"
                    provider = services.save_draft(record=provider, actor=actor, version=provider.version)
                self.submit(provider, 1, dice)

    # small things

    def moment(self, dice: random.Random, days_ago: int) -> datetime:
        """A time in office hours so many days ago; today, one that has passed."""
        day = timezone.localdate(self.now) - timedelta(days=days_ago)
        moment = timezone.make_aware(datetime.combine(day, time(9 + dice.randint(0, 7), dice.randint(0, 59))))
        latest = self.now - timedelta(minutes=dice.randint(5, 90))
        return min(moment, latest)

    def office_hours(self, dice: random.Random, moment: datetime) -> datetime:
        """A time in the first office hours after ``moment``, but not in the future."""
        day = timezone.localdate(moment)
        while True:
            answer = timezone.make_aware(
                datetime.combine(day, time(dice.randint(9, 17), dice.randint(0, 59)))
            )
            if answer > moment and is_working_day(day):
                return min(answer, self.now - timedelta(minutes=2))
            day += timedelta(days=1)

    def phone(self, dice: random.Random, city: str) -> str:
        area = AREA_CODES.get(city, "029")
        return (
            f"{area}-8555{dice.randint(1000, 9999)}"
            if area == "029"
            else f"{area}-355{dice.randint(1000, 9999)}"
        )


_COMPANIES = {HostType.ENTERPRISE, HostType.TESTING}
_CERTIFICATES = {
    host_type: "营业执照" if host_type in _COMPANIES else "事业单位法人证书" for host_type in HostType
}
_ADDITION = "新增配套附件，可开展原位测试。"


def credit_code(dice: random.Random, authority: str, region: str) -> str:
    """A valid unified social credit code: both check characters are right."""
    body = "".join(dice.choice("0123456789") for _digit in range(8))
    first_17 = f"{authority}{region}{body}{organisation_check_character(body)}"
    return first_17 + uscc_check_character(first_17)


def _choice(dice: random.Random, fields: Sequence[str], count: int) -> list[tuple[Kind, Product]]:
    """So many instruments an institution of these fields owns: all kinds once before any comes twice."""
    kinds = [kind for kind in KINDS if kind.field in fields]
    chosen: list[tuple[Kind, Product]] = []
    while len(chosen) < count:
        dice.shuffle(kinds)
        chosen += [(kind, dice.choice(kind.products)) for kind in kinds]
    return chosen[:count]


def _dice(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same throws every time are what is wanted


def _person(dice: random.Random) -> str:
    return dice.choice(SURNAMES) + dice.choice(GIVEN_NAMES)


def _rounded(amount: float | Decimal) -> Decimal:
    """A price as people set it: to ten yuan, or to one where it is small."""
    step = 10 if amount >= 100 else 1
    return Decimal(max(1, round(amount / step)) * step)
