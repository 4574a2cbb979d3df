"""Last year's orders of the demonstration's provider, its year opened for checking, and the figures of it all."""

import datetime
from dataclasses import replace

from django.utils import timezone

from accounts.models import User
from figures.models import ProviderYear
from figures.refreshing import refresh
from figures.services import open_year
from home.demo import people
from home.demo.making import Maker
from home.demo.orders import INSTRUMENT, TESTING, Case, OrderStory
from institutions.models import Provider
from programme.selectors import current_parameters
from programme.services import save_parameters

# With the day of last year in place of how long ago it was.
LAST_YEAR = (
    ((4, 14), Case("consumer", TESTING, 0, 0, "completed", "轴承座铸件 4 件", "化学成分和硬度", 4, stars=(5, 4, 5))),
    ((6, 23), Case("baoji", INSTRUMENT, 0, 0, "completed", "TC11 盘件取样 6 块", "断口和高倍组织", 6, stars=(5, 5, 5))),
    ((9, 8), Case("yanjiuyuan", INSTRUMENT, 1, 0, "completed", "碳化硅陶瓷 3 件", "晶粒尺寸统计", 3, stars=(4, 4, 5))),
    ((10, 20), Case("qinhan", TESTING, 1, 0, "completed", "西林瓶 10 支", "密封性和微粒", 10, stars=(5, 5, 4))),
)  # fmt: skip
BANDS = "1000 5%\n50000 8%\n500000 60000元"


def load_figures(maker: Maker, accounts: dict[str, User]) -> int:
    """Open last year for the provider, unless it is; count everything. Returns how many bookings and orders it added."""
    added = 0
    today = timezone.localdate(maker.now)
    provider = Provider.objects.get(account=accounts[people.PROVIDER.username])
    if not ProviderYear.objects.filter(provider=provider).exists():
        story = OrderStory(maker, provider.account)
        for (month, day), case in LAST_YEAR:
            days_ago = (today - datetime.date(today.year - 1, month, day)).days
            story.tell(replace(case, days_ago=days_ago))
            added += 2
        manager = accounts[people.MANAGER.username]
        parameters = current_parameters().copied()
        parameters.subsidy_bands, parameters.subsidy_base = BANDS, "all"
        parameters.reason = "设置运行补助档次（演示）"
        save_parameters(parameters=parameters, actor=manager)
        open_year(provider=provider, year=today.year - 1, actor=manager)
    refresh()
    return added
