"""Qualifications, capabilities and services made up for an institution; not stored but for scans."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from django.conf import settings

from catalogue.models import (
    Capability,
    Instrument,
    LabService,
    PriceKind,
    Qualification,
    QualificationKind,
    TestingService,
)
from home.demo.dice import Dice, rounded
from home.demo.institutions import Institution
from home.demo.making import Maker
from home.demo.vocabulary import NOTICE, SAMPLES
from home.demo.vocabulary.abilities import ABILITIES, Ability
from home.demo.vocabulary.offers import LABS, TESTING, Offer
from institutions.models import HostType, Provider

S = TypeVar("S", TestingService, LabService)

TERM_DAYS = 6 * 365
# Days that certificates of these institutions still run, by their place in the list.
ENDING = {4: 5, 9: 12, 13: 58, 17: 20, 22: 25, 31: 40, 40: 33, 52: 55, 62: 48, 7: -8, 28: -30, 46: -45}
NAMES = {
    QualificationKind.CMA: "检验检测机构资质认定证书",
    QualificationKind.CNAS: "实验室认可证书",
    QualificationKind.CAL: "产品质量检验机构授权证书",
    QualificationKind.CATL: "农产品质量安全检测机构考核合格证书",
    QualificationKind.OTHER: "辐射安全许可证",
}
MOST_STANDARDS = 4
MOST_INSTRUMENTS = 3


class CompetenceMaker:
    """Makes up what an institution of certain fields is recognised for, can test, and offers."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker

    def qualification(
        self,
        provider: Provider,
        member: Institution,
        kind: QualificationKind,
        left: int,
        number: int,
        dice: Dice,
    ) -> Qualification:
        """A certificate that runs for ``left`` more days."""
        last = dice.now.date() + timedelta(days=left)
        first = last - timedelta(days=TERM_DAYS - 1)
        certificate, issuer = _certificate(kind, first.year, dice)
        objects = list(dict.fromkeys(ability.object_name for ability in abilities_of(member)))
        name = NAMES[kind]
        return Qualification(
            provider=provider,
            kind=kind,
            name=name,
            internal_number=f"ZZ{number:03d}",
            certificate_number=certificate,
            issuer=issuer,
            scope=f"{'、'.join(objects[:8])}等 {len(objects)} 类产品，共 {dice.randint(40, 900)} 项参数。",
            valid_from=first,
            valid_to=last,
            scan=self.maker.paper(
                provider.account,
                name,
                [
                    ("证书编号", certificate),
                    ("机构名称", provider.host_name),
                    ("发证机关", issuer),
                    ("有效期", f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}"),
                ],
            ),
        )

    def qualifications(
        self, key: int, member: Institution, provider: Provider, dice: Dice
    ) -> list[Qualification]:
        kinds = _kinds_of(key, member, dice)
        lefts = [dice.randint(120, 1900) for _kind in kinds]
        if key in ENDING:
            lefts[0] = ENDING[key]
        if key == 0:  # the login of the demonstration has one of everything
            lefts = [900, 21, -12, 640, 1500]
        return [
            self.qualification(provider, member, kind, left, number, dice)
            for number, (kind, left) in enumerate(zip(kinds, lefts, strict=True), start=1)
        ]

    def capability(
        self,
        provider: Provider,
        ability: Ability,
        qualification: Qualification | None,
        number: int,
        dice: Dice,
    ) -> Capability:
        return Capability(
            provider=provider,
            field_id=ability.field,
            object_name=ability.object_name,
            parameter=ability.parameter,
            internal_number=f"NL{number:03d}",
            standard_number=ability.standard_number,
            standard_name=ability.standard_name,
            limits=ability.limits,
            qualification=qualification,
            attributes=self.maker.attributes.of_service(ability.field, dice),
        )

    def capabilities(
        self, key: int, member: Institution, provider: Provider, held: Sequence[Qualification], dice: Dice
    ) -> list[Capability]:
        pool = abilities_of(member)
        chosen = dice.sample(pool, min(len(pool), 16 if key == 0 else dice.randint(5, 9)))
        return [
            self.capability(
                provider, ability, dice.choice(held) if held and dice.random() < 0.8 else None, number, dice
            )
            for number, ability in enumerate(sorted(chosen, key=lambda ability: ability.field), start=1)
        ]

    def testing_services(
        self, key: int, member: Institution, provider: Provider, dice: Dice
    ) -> list[TestingService]:
        pool = offers_of(TestingService, member)
        chosen = dice.sample(pool, min(len(pool), 6 if key == 0 else dice.randint(2, 3)))
        return [
            self.service(TestingService, provider, member, offer, number, dice)
            for number, offer in enumerate(chosen, start=1)
        ]

    def lab_services(self, key: int, member: Institution, provider: Provider, dice: Dice) -> list[LabService]:
        pool = offers_of(LabService, member)
        chosen = dice.sample(pool, min(len(pool), 4 if key == 0 else dice.randint(1, 2)))
        return [
            self.service(LabService, provider, member, offer, number, dice)
            for number, offer in enumerate(chosen, start=1)
        ]

    def service(
        self, model: type[S], provider: Provider, member: Institution, offer: Offer, number: int, dice: Dice
    ) -> S:
        standards = dict.fromkeys(
            ability.standard for ability in abilities_of(member) if ability.field == offer.field
        )
        record = model(
            provider=provider,
            name=offer.name,
            internal_number=f"{'JC' if model is TestingService else 'SY'}{number:03d}",
            field_id=offer.field,
            content=offer.content,
            deliverables=offer.deliverables,
            methods="\n".join(list(standards)[:MOST_STANDARDS]) if model is TestingService else "",
            turnaround_days=dice.randint(*offer.days),
            price_kind=offer.price_kind,
            sample_requirements=SAMPLES[offer.sample],
            user_notice=NOTICE,
            accepts_vouchers=dice.random() < 0.9,
            contact_name=dice.person(),
            contact_phone=dice.phone(provider.city),
            contact_email=provider.contact_email[:50],
            attributes=self.maker.attributes.of_service(offer.field, dice),
        )
        low, high = offer.price
        if offer.price_kind == PriceKind.FIXED:
            record.price_amount = rounded(dice.uniform(low, high))
        elif offer.price_kind == PriceKind.RANGE:
            record.price_amount = rounded(low * dice.uniform(0.8, 1.2))
            record.price_max_amount = rounded(high * dice.uniform(0.8, 1.2))
        if offer.price_kind != PriceKind.AGREEMENT:
            record.price_unit = offer.unit
            record.price_list = "加急服务加收 50%；同批样品 10 件以上九折。"
        return record


def instruments_for(offer_classes: Sequence[str], owned: Sequence[Instrument]) -> list[Instrument]:
    """Those of the provider's instruments that such a service works with."""
    fitting = [
        instrument
        for instrument in owned
        if (instrument.instrument_class_id or "").startswith(tuple(offer_classes))
    ]
    return fitting[:MOST_INSTRUMENTS]


def classes_of(service: TestingService | LabService) -> tuple[str, ...]:
    """The beginnings of the instrument classes that a service made up here works with."""
    offers = TESTING if isinstance(service, TestingService) else LABS
    return next(offer.classes for pool in offers.values() for offer in pool if offer.name == service.name)


def _kinds_of(key: int, member: Institution, dice: Dice) -> list[QualificationKind]:
    if key == 0:
        return [*QualificationKind]
    kinds = []
    if member.host_type == HostType.TESTING or dice.random() < 0.75:
        kinds.append(QualificationKind.CMA)
    if not kinds or dice.random() < 0.5:
        kinds.append(QualificationKind.CNAS)
    if "agriculture" in member.fields and dice.random() < 0.6:
        kinds.append(QualificationKind.CATL)
    if "nuclear" in member.fields:
        kinds.append(QualificationKind.OTHER)
    if "质量检测" in member.host:
        kinds.append(QualificationKind.CAL)
    return kinds


def _certificate(kind: QualificationKind, year: int, dice: Dice) -> tuple[str, str]:
    """Number and issuer, in the shape that such certificates have."""
    province = settings.PROVINCE_NAME
    match kind:
        case QualificationKind.CMA:
            number = f"{year % 100:02d}2701{dice.randint(100000, 999999)}"
            return number, f"{province}市场监督管理局"
        case QualificationKind.CNAS:
            return f"CNAS L{dice.randint(1000, 22000)}", "中国合格评定国家认可委员会"
        case QualificationKind.CAL:
            return f"（{year}）质监认字{dice.randint(1, 300):03d}号", f"{province}市场监督管理局"
        case QualificationKind.CATL:
            return f"[{year}]农质检核字第{dice.randint(1, 300):04d}号", f"{province}农业农村厅"
    return f"环辐证[{dice.randint(100, 900):05d}]", f"{province}生态环境厅"


def abilities_of(member: Institution) -> list[Ability]:
    """What an institution of these fields can test."""
    return [ability for field in member.fields for ability in ABILITIES.get(field, ())]


def offers_of(model: type[TestingService] | type[LabService], member: Institution) -> list[Offer]:
    offers = TESTING if model is TestingService else LABS
    return [offer for field in member.fields for offer in offers.get(field, ())]
