"""The invented province: its institutions, their instruments, and what is going on with them just now.

Everything follows from the order of the lists and from random numbers with fixed seeds, so that two
loads agree. What exists already (an account, an internal number, a page) is left as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from accounts.models import AccountKind, User
from home.demo import people
from home.demo.approvals import Approved, create_approved
from home.demo.dice import Dice
from home.demo.institutions import INSTITUTIONS, Institution
from home.demo.making import Maker, choose, instrument_photos, username_of
from home.demo.story import UNAPPROVED_HOSTS, Outcome, Story
from institutions.models import Provider


def load_province(*, scale: int, password: str) -> Outcome:
    """Bring the province to its full size; whatever is there already stays as it is."""
    accounts = people.create_logins(password)
    reviewers = (accounts[people.REVIEWER.username], accounts[people.SECOND_REVIEWER.username])
    photos = instrument_photos(owner=accounts[people.ADMIN.username])
    institutions = [member for number in range(scale) for member in _edition(number)]
    return Builder(Maker(photos, password, timezone.now()), reviewers).build(institutions)


def _edition(number: int) -> Iterator[tuple[int, Institution]]:
    """The list of institutions; from the second time on with branches in its place."""
    for index, institution in enumerate(INSTITUTIONS):
        key = number * len(INSTITUTIONS) + index
        if number == 0:
            yield key, institution
        else:
            branch = f"（第{number + 1}分中心）"
            yield key, replace(institution, host=institution.host + branch, body=institution.body + branch)


class Builder:
    """Makes institutions and instruments out of the lists, and brings each to where it stands."""

    def __init__(self, maker: Maker, reviewers: tuple[User, User]) -> None:
        self.maker = maker
        self.reviewers = reviewers
        self.now = maker.now
        self.outcome = Outcome()
        self.story = Story(maker, reviewers, self.outcome)

    def build(self, institutions: Sequence[tuple[int, Institution]]) -> Outcome:
        known = set(
            User.objects.filter(kind=AccountKind.PROVIDER, provider__isnull=False).values_list(
                "username", flat=True
            )
        )
        new = [(key, member) for key, member in institutions if username_of(key, member) not in known]
        approved = self.approved_providers([pair for pair in new if pair[1].host not in UNAPPROVED_HOSTS])
        self.approved_instruments(approved)
        if any(key == 0 for key, _member in new):
            self.story.going_on(approved)
            self.story.unapproved_providers([pair for pair in new if pair[1].host in UNAPPROVED_HOSTS])
        return self.outcome

    def approved_providers(
        self, members: Sequence[tuple[int, Institution]]
    ) -> list[tuple[int, Institution, Provider]]:
        cases, made = [], []
        for key, member in members:
            dice = Dice(f"provider {key}", self.now)
            created = dice.moment(dice.randint(130, 420))
            submitted = created + timedelta(hours=dice.randint(2, 30))
            provider = self.maker.new_provider(key, member, dice, created)
            decided = dice.office_hours(submitted + timedelta(hours=dice.randint(6, 40)))
            cases.append(Approved(provider, created, submitted, decided, dice.choice(self.reviewers)))
            made.append((key, member, provider))
        create_approved(cases)
        self.outcome.providers += len(cases)
        return made

    def approved_instruments(self, providers: Sequence[tuple[int, Institution, Provider]]) -> None:
        cases = []
        for key, member, provider in providers:
            dice = Dice(f"instruments {key}", self.now)
            count = 20 if key == 0 else dice.randint(8, 12)
            for number, (kind, product) in enumerate(choose(dice, member.fields, count), start=1):
                oldest = max(6, (self.now - (provider.decided_at or self.now)).days - 2)
                created = dice.moment(dice.randint(5, oldest))
                submitted = created + timedelta(hours=dice.randint(1, 20))
                decided = dice.office_hours(submitted + timedelta(hours=dice.randint(4, 44)))
                instrument, photos = self.maker.new_instrument(provider, kind, product, number, dice)
                reviewer = dice.choice(self.reviewers)
                cases.append(Approved(instrument, created, submitted, decided, reviewer, photos))
        cases.sort(key=lambda case: case.created_at)
        create_approved(cases)
        self.outcome.instruments += len(cases)
