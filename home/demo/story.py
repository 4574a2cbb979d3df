"""What is going on in the province just now: through the services, at times that have passed."""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from accounts.models import User
from catalogue.models import Instrument
from home.demo.clock import at
from home.demo.dice import Dice, rounded
from home.demo.institutions import Institution
from home.demo.making import Maker, choose
from institutions.models import Provider
from workflow import services
from workflow.models import Submission

R = TypeVar("R", bound=Submission)

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
ADDITION = "新增配套附件，可开展原位测试。"


@dataclass
class Outcome:
    """What one load has added: records by their model, decisions asked for, definitions of attributes."""

    records: Counter[type[Submission]] = field(default_factory=Counter)
    submissions: int = 0
    attributes: int = 0
    # bookings and orders
    deals: int = 0

    def count(self, records: Iterable[Submission]) -> None:
        self.records.update(type(record) for record in records)


class Story:
    """Drafts, submits, returns and withdraws some of the province's records."""

    def __init__(self, maker: Maker, reviewers: tuple[User, User], outcome: Outcome) -> None:
        self.maker = maker
        self.reviewers = reviewers
        self.outcome = outcome
        self.now = maker.now

    def going_on(self, providers: Sequence[tuple[int, Institution, Provider]]) -> None:
        """Instruments in the queue, sent back, being drafted and being changed."""
        dice = Dice("going on", self.now)
        turn = itertools.cycle(providers)
        _key, _member, main = providers[0]
        number = 500

        def draft(member: Institution, provider: Provider, days_ago: int, **blank: str) -> Instrument:
            nonlocal number
            number += 1
            [(kind, product)] = choose(dice, member.fields, 1)
            instrument, photos = self.maker.new_instrument(provider, kind, product, number, dice)
            for name, value in blank.items():
                setattr(instrument, name, value)
            instrument.photos = photos  # type: ignore[misc]
            with at(dice.moment(days_ago)):
                services.create_draft(record=instrument, actor=provider.account)
            self.outcome.count([instrument])
            return instrument

        for days in WAITING_DAYS:
            _key, member, provider = next(turn)
            self.submit(draft(member, provider, days + 1), days, dice)
        for days, (reason, notes) in zip((1, 2, 2, 4, 6, 11), RETURNS, strict=True):
            _key, member, provider = providers[0] if days == 1 else next(turn)
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

    def submit(self, record: R, days_ago: int, dice: Dice) -> R:
        with at(dice.moment(days_ago)):
            record = services.submit(record=record, actor=record.owner)
        self.outcome.submissions += 1
        return record

    def send_back(
        self,
        record: Submission,
        days_ago: int,
        reason: str,
        notes: dict[str, str],
        dice: Dice,
    ) -> None:
        with at(dice.moment(days_ago)):
            services.return_for_changes(
                record=record, actor=dice.choice(self.reviewers), reason=reason, notes=notes
            )

    def change(self, instrument: Instrument, days_ago: int, dice: Dice) -> Instrument:
        """Withdraw an approved instrument and change its price, hours and person in charge."""
        actor = instrument.owner
        with at(dice.moment(days_ago)):
            instrument = services.withdraw(record=instrument, actor=actor)
            instrument.price_amount = rounded((instrument.price_amount or Decimal(100)) * Decimal("1.2"))
            instrument.service_hours = "工作日 8:30–20:00，周六可预约"
            instrument.contact_name = dice.person()
            instrument.functions = f"{instrument.functions}{ADDITION}"
            return services.save_draft(record=instrument, actor=actor, version=instrument.version)

    def unapproved_providers(self, members: Sequence[tuple[int, Institution]]) -> None:
        """Institutions that wait, were sent back or are still being filled in."""
        for key, member in members:
            dice = Dice(f"provider {key}", self.now)
            days = WAITING_HOSTS.get(member.host, 3)
            provider = self.maker.new_provider(key, member, dice, dice.moment(days + 8))
            actor = provider.account
            if member.host == DRAFT_HOST:
                provider.introduction = provider.body_introduction = ""
                provider.certificate = None
            with at(dice.moment(days + 6)):
                services.create_draft(record=provider, actor=actor)
            self.outcome.count([provider])
            if member.host == DRAFT_HOST:
                continue
            provider = self.submit(provider, days + (2 if member.host not in WAITING_HOSTS else 0), dice)
            if member.host in RETURNED_HOSTS:
                self.send_back(provider, days, *RETURNED_HOSTS[member.host], dice)
            elif member.host == RESUBMITTED_HOST:
                with at(dice.moment(days + 1)):
                    provider = services.approve(record=provider, actor=self.reviewers[0])
                with at(dice.moment(days)):
                    provider = services.withdraw(record=provider, actor=actor)
                    provider.legal_representative = dice.person()
                    provider.address = "华阳路 25 号"
                    provider = services.save_draft(record=provider, actor=actor, version=provider.version)
                self.submit(provider, 1, dice)
