"""Pools, applications and vouchers of the invented consumers, all through the services, at times that have passed."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from files.models import PrivateFile
from home.demo import people
from home.demo.claims import CLAIMS, ClaimStory
from home.demo.clock import at
from home.demo.dice import Dice
from home.demo.making import Maker
from home.demo.payouts import BATCHES, BatchStory
from home.demo.story import Story
from institutions.models import Consumer
from vouchers import services as ledger
from vouchers.models import Pool
from vouchers.models.applications import ApplicationProject, VoucherApplication
from workflow import services

POOL_AMOUNT = Decimal(20_000_000)
# a voucher granted so many days ago ends within 30 days
ENDING_DAYS = 345


@dataclass(frozen=True)
class Case:
    """What a consumer applied for, and how far it has come: pending, checked, returned or approved."""

    login: str
    days_ago: int
    amount: int
    reason: str
    problem: str
    state: str = "approved"
    granted: int = 0
    comment: str = ""
    project: tuple[str, int, str] | None = None


CASES = (
    Case(
        "consumer", ENDING_DAYS, 60_000,
        "末端执行器量产前需要做振动、冲击和盐雾试验，自建试验台不经济。",
        "验证执行器在潮湿车间的寿命，确定防护等级和检修周期。",
    ),
    Case(
        "baoji", 96, 200_000,
        "医用钛合金棒材出口认证需要第三方的成分、金相和疲劳检测报告。",
        "取得完整的材料性能数据，解决批次间疲劳强度波动的问题。",
        project=("医用钛合金棒材疲劳性能提升", 1_800_000, "省重点研发计划、自筹"),
    ),
    Case(
        "yanjiuyuan", 61, 150_000,
        "结构陶瓷中试样品需要使用高温力学和热物性测试设备，机时费用高。",
        "建立烧结制度与高温强度的对应关系，稳定中试成品率。",
        granted=120_000, comment="扫描电镜机时与上一项目重复，按实际需求核定。",
        project=("碳化硅结构陶瓷中试", 2_600_000, "市级科技计划"),
    ),
    Case(
        "yulin", 47, 40_000,
        "储罐区气体监测方案调整，需要委托做挥发性有机物组分检测。",
        "弄清不同季节的排放组分，优化监测点位和报警阈值。",
    ),
    Case(
        "consumer", 25, 120_000,
        "新一代检测工装开发，需要三坐标测量、材料拉伸和环境可靠性检测。",
        "查明批量样件早期断裂的原因，确定热处理工艺窗口。",
        granted=80_000, comment="环境可靠性检测可在已有合同内完成，核减 40,000 元。",
        project=("智能检测工装研制", 1_200_000, "自筹"),
    ),
    Case(
        "ankang", 12, 30_000,
        "富硒饮品配方调整，需要做营养成分、重金属和微生物检测。",
        "确定硒含量在货架期内的变化，修订标签标示值。",
    ),
    Case(
        "consumer", 5, 50_000,
        "末端执行器新机型立项，需要做电磁兼容摸底试验。",
        "提前发现辐射发射超标的环节，减少整改次数。",
        state="returned", comment="请补充电磁兼容试验的项目清单和报价，再提交。",
    ),
    Case(
        "qujiang", 3, 90_000,
        "降噪算法需要在消声室和混响室测试，本公司没有声学实验室。",
        "取得标准声场下的语音质量评分，完成产品定型。",
        state="checked", project=("车载语音降噪模块", 900_000, "自筹"),
    ),
    Case(
        "qinhan", 1, 110_000,
        "体外诊断试剂原料的稳定性研究，需要使用色谱质谱和生物分子相互作用仪。",
        "确定抗体原料的降解途径，把有效期从 12 个月延长到 24 个月。",
        state="pending", project=("诊断用单抗原料国产化", 1_500_000, "省技术创新引导专项"),
    ),
)  # fmt: skip


def load_vouchers(maker: Maker, story: Story, accounts: dict[str, User]) -> None:
    """Fund the pools, make the applications and claim what was served, unless there is a pool already."""
    if Pool.objects.exists():
        return
    vouchers, claims = VoucherStory(maker, story, accounts), ClaimStory(maker, accounts)
    payouts = BatchStory(maker, accounts)
    told = (*map(vouchers.tell, CASES), *map(claims.tell, CLAIMS), *map(payouts.tell, BATCHES))
    in_order_of_time([vouchers.fund(), *told])


def in_order_of_time(stories: Sequence[Iterator[datetime]]) -> None:
    """Each story yields the moment of its next step and is then let go on; so the ledger's numbers rise with its times."""
    waiting = sorted((next(steps), number) for number, steps in enumerate(stories))
    while waiting:
        moment, number = heapq.heappop(waiting)
        with at(moment):
            later = next(stories[number], None)
        if later is not None:
            # no story goes back
            heapq.heappush(waiting, (max(later, moment), number))


class VoucherStory:
    def __init__(self, maker: Maker, story: Story, accounts: dict[str, User]) -> None:
        self.maker, self.story = maker, story
        self.checker = accounts[people.REVIEWER.username]
        self.decider = accounts[people.SECOND_REVIEWER.username]
        self.manager = accounts[people.MANAGER.username]

    def fund(self) -> Iterator[datetime]:
        """The pools of this year and of that in which the oldest voucher was granted."""
        today = timezone.localdate(self.maker.now)
        oldest = today - timedelta(days=ENDING_DAYS)
        for year in sorted({oldest.year, today.year}):
            day = min(date(year, 1, 12), oldest - timedelta(days=5))
            yield Dice(f"pool {year}", self.maker.now).moment((today - day).days)
            ledger.fund_pool(
                year=year, amount=POOL_AMOUNT, actor=self.manager, reason=f"{year} 年度创新券专项资金预算"
            )

    def tell(self, case: Case) -> Iterator[datetime]:
        dice = Dice(f"application {case.login} {case.days_ago}", self.maker.now)
        consumer = Consumer.objects.select_related("account").get(account__username=case.login)
        yield dice.moment(case.days_ago + 1)
        application = services.create_draft(record=self._application(case, consumer), actor=consumer.account)
        self.story.outcome.count([application])
        yield dice.moment(case.days_ago)
        application = services.submit(record=application, actor=consumer.account)
        self.story.outcome.submissions += 1
        if case.state == "pending":
            return
        yield dice.moment(max(case.days_ago - 1, 1))
        if case.state == "returned":
            services.return_for_changes(record=application, actor=self.checker, reason=case.comment)
            return
        application = services.approve(record=application, actor=self.checker, comment="材料齐全。")
        if case.state == "checked":
            return
        yield dice.moment(case.days_ago - 2)
        services.approve(
            record=application,
            actor=self.decider,
            comment=case.comment,
            details={"granted_amount": Decimal(case.granted or case.amount)},
        )

    def _application(self, case: Case, consumer: Consumer) -> VoucherApplication:
        year = (timezone.localdate(self.maker.now) - timedelta(days=case.days_ago)).year
        needs_two = VoucherApplication(consumer=consumer).needs_two_statements(
            timezone.localdate(self.maker.now) - timedelta(days=case.days_ago)
        )
        application = VoucherApplication(
            consumer=consumer,
            applied_amount=Decimal(case.amount),
            last_year_revenue_amount=consumer.revenue_amount,
            reason=case.reason,
            problem=case.problem,
            has_projects=case.project is not None,
            statement_year=year - 1,
            statement=self._statement(consumer, year - 1),
            earlier_statement_year=year - 2 if needs_two else None,
            earlier_statement=self._statement(consumer, year - 2) if needs_two else None,
        )
        if case.project:
            title, budget, source = case.project
            application.projects = [  # type: ignore[misc]  # a list, as modelcluster takes it
                ApplicationProject(
                    title=title,
                    starts_on=date(year, 1, 1),
                    ends_on=date(year + 1, 12, 31),
                    budget_amount=Decimal(budget),
                    funding_source=source,
                    sort_order=0,
                )
            ]
        return application

    def _statement(self, consumer: Consumer, year: int) -> PrivateFile:
        return self.maker.paper(
            consumer.account,
            f"{year} 年度财务报表",
            [("编制单位", consumer.name), ("年度", str(year)), ("报表", "资产负债表、利润表")],
        )
