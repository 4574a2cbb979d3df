"""What is going on with qualifications, capabilities and services just now, and a suspended institution."""

import itertools
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from catalogue.models import (
    Capability,
    Instrument,
    LabService,
    ProviderRecord,
    Qualification,
    QualificationKind,
    ServiceRecord,
    TestingService,
)
from home.demo.clock import at
from home.demo.competence import CompetenceMaker, abilities_of, classes_of, instruments_for, offers_of
from home.demo.dice import Dice
from home.demo.imports import import_instruments
from home.demo.institutions import SUSPENDED_HOST, Institution
from home.demo.story import Story
from institutions.models import Provider
from institutions.suspension import suspend_provider
from workflow import services

Member = tuple[int, Institution, Provider]

# Days ago that the records of each kind in the queue were submitted.
WAITING_DAYS: dict[type[ProviderRecord], tuple[int, ...]] = {
    Qualification: (0, 1, 4),
    Capability: (0, 1, 1, 2, 6),
    TestingService: (0, 1, 3, 5),
    LabService: (0, 2, 8),
}
RETURNS: dict[type[ProviderRecord], tuple[str, dict[str, str]]] = {
    Qualification: ("扫描件不完整，请补传附表。", {"scan": "只有证书首页，请上传含能力附表的完整扫描件。"}),
    Capability: ("标准已有新版，请核对。", {"standard_number": "请填写现行有效的版本号。"}),
    TestingService: (
        "收费与公示不一致，请核对。",
        {"price_list": "公示的加急费为 30%。", "turnaround_days": "请按实际周期填写。"},
    ),
    LabService: ("服务内容过于笼统，用户无法判断。", {"content": "请写明包含哪些试验、各交付什么。"}),
}  # fmt: skip
# What its owner has since changed of an approved record, by kind: the field and what it reads now.
CHANGES: dict[type[ProviderRecord], tuple[str, Any]] = {
    Qualification: ("scope", "证书扩项：新增 36 项参数，详见附表。"),
    Capability: ("limits", "更换设备后量程扩大一倍"),
    TestingService: ("sample_requirements", "每批不少于 5 件，随样附材质证明。"),
    LabService: ("turnaround_days", 45),
}
# What a draft left half-way lacks.
BLANKS: dict[type[ProviderRecord], dict[str, Any]] = {
    Qualification: {"scan": None, "valid_to": None, "certificate_number": ""},
    Capability: {"standard_number": "", "standard_name": ""},
    TestingService: {"content": "", "turnaround_days": None, "contact_phone": ""},
    LabService: {"deliverables": "", "price_kind": ""},
}
SUSPENSION_REASON = "连续三次接受预约后未按期提供服务，经核查属实。请提交整改报告，核验通过后恢复。"
SUSPENDED_DAYS_AGO, SUSPENDED_FOR_DAYS = 6, 45


class RecordStory:
    """Submits, returns, withdraws and leaves half-filled some records of each kind."""

    def __init__(self, story: Story, competence: CompetenceMaker) -> None:
        self.story = story
        self.competence = competence
        self.now = story.now

    def going_on(self, members: Sequence[Member]) -> None:
        main = members[0]
        for index, model in enumerate(WAITING_DAYS):
            dice = Dice(f"going on {model.__name__}", self.now)
            numbers = itertools.count(101)
            others = itertools.cycle(members[index * 7 + 1 :])

            def draft(member: Member, days_ago: int, **blank: Any) -> Any:
                return self.draft(model, member, next(numbers), days_ago, dice, **blank)  # noqa: B023

            self.waiting(model, itertools.chain([main], others), draft, dice)
            self.returned(model, itertools.chain([main], others), draft, dice)
            draft(main, 2)
            draft(main, 3, **BLANKS[model])
            draft(next(others), 9, **BLANKS[model])
            self.changed(model, main[2], dice)
        self.suspend(members)
        imported = import_instruments(self.story.maker, main[1], main[2])
        self.story.outcome.records[Instrument] += imported

    def draft(
        self,
        model: type[ProviderRecord],
        member: Member,
        number: int,
        days_ago: int,
        dice: Dice,
        **blank: Any,
    ) -> ProviderRecord:
        record = self.make(model, member, number, dice)
        for name, value in blank.items():
            setattr(record, name, value)
        with at(dice.moment(days_ago)):
            services.create_draft(record=record, actor=record.owner)
        self.story.outcome.count([record])
        return record

    def make(self, model: type[ProviderRecord], member: Member, number: int, dice: Dice) -> ProviderRecord:
        _key, institution, provider = member
        maker = self.competence
        if model is Qualification:
            kind = dice.choice((QualificationKind.CMA, QualificationKind.CNAS))
            return maker.qualification(provider, institution, kind, dice.randint(900, 2100), number, dice)
        if model is Capability:
            held = provider.qualifications.approved().order_by("pk").first()
            return maker.capability(provider, dice.choice(abilities_of(institution)), held, number, dice)
        kind_of_service = TestingService if model is TestingService else LabService
        offer = dice.choice(offers_of(kind_of_service, institution))
        service: ServiceRecord = maker.service(kind_of_service, provider, institution, offer, number, dice)
        owned = list(provider.instruments.approved().order_by("pk"))
        service.instruments = instruments_for(classes_of(service), owned)
        return service

    def waiting(
        self, model: type[ProviderRecord], members: Any, draft: Callable[..., Any], dice: Dice
    ) -> None:
        for member, days in zip(members, WAITING_DAYS[model], strict=False):
            self.story.submit(draft(member, days + 1), days, dice)

    def returned(
        self, model: type[ProviderRecord], members: Any, draft: Callable[..., Any], dice: Dice
    ) -> None:
        reason, notes = RETURNS[model]
        for member, days in zip(members, (1, 5), strict=False):
            record = self.story.submit(draft(member, days + 3), days + 2, dice)
            self.story.send_back(record, days, reason, notes, dice)

    def changed(self, model: type[ProviderRecord], provider: Provider, dice: Dice) -> None:
        """Of two approved records of the institution one waits again, with a change, the other is being changed."""
        name, value = CHANGES[model]
        approved = model._default_manager.approved().filter(provider=provider)
        if model is Qualification:
            approved = approved.filter(valid_to__gt=self.now.date())
        for record, waits in zip(approved.order_by("-internal_number")[:2], (True, False), strict=False):
            with at(dice.moment(2)):
                record = services.withdraw(record=record, actor=provider.account)
                setattr(record, name, value)
                record = services.save_draft(record=record, actor=provider.account, version=record.version)
            if waits:
                self.story.submit(record, 1, dice)

    def suspend(self, members: Sequence[Member]) -> None:
        provider = next(provider for _key, member, provider in members if member.host == SUSPENDED_HOST)
        with at(Dice("suspension", self.now).moment(SUSPENDED_DAYS_AGO)):
            suspend_provider(
                provider=provider,
                actor=self.story.reviewers[0],
                reason=SUSPENSION_REASON,
                until=self.now.date() + timedelta(days=SUSPENDED_FOR_DAYS),
            )
