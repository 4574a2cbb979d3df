"""The invented province: its institutions, what they keep, and what is going on with it just now.

Everything follows from the order of the lists and from random numbers with fixed seeds, so that two
loads agree. What exists already (an account, an internal number, a page) is left as it is.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from accounts.models import AccountKind, User
from catalogue.models import Instrument, ProviderRecord, Qualification, ServiceRecord
from home.demo import people
from home.demo.approvals import Approved, create_approved
from home.demo.attributes import define_attributes
from home.demo.competence import CompetenceMaker, classes_of, instruments_for
from home.demo.consumers import load_consumers
from home.demo.dice import Dice
from home.demo.figures import load_figures
from home.demo.institutions import INSTITUTIONS, Institution
from home.demo.making import Maker, choose, instrument_photos, username_of
from home.demo.orders import load_orders
from home.demo.record_story import RecordStory
from home.demo.story import UNAPPROVED_HOSTS, Outcome, Story
from home.demo.supervision import load_supervision
from home.demo.vouchers import load_vouchers
from institutions.models import Provider


def load_province(*, scale: int, password: str) -> Outcome:
    """Bring the province to its full size; whatever is there already stays as it is."""
    accounts = people.create_logins(password)
    reviewers = (accounts[people.REVIEWER.username], accounts[people.SECOND_REVIEWER.username])
    photos = instrument_photos(owner=accounts[people.ADMIN.username])
    institutions = [member for number in range(scale) for member in _edition(number)]
    now = timezone.now()
    defined = define_attributes(Dice("attributes", now))
    builder = Builder(Maker(photos, password, now), reviewers)
    outcome = builder.build(institutions)
    load_consumers(builder.maker, builder.story)
    outcome.deals = load_orders(builder.maker, accounts)
    load_vouchers(builder.maker, builder.story, accounts)
    outcome.deals += load_figures(builder.maker, accounts)
    outcome.attributes = defined
    load_supervision(accounts)
    return outcome


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
        self.competence = CompetenceMaker(maker)

    def build(self, institutions: Sequence[tuple[int, Institution]]) -> Outcome:
        known = set(
            User.objects.filter(kind=AccountKind.PROVIDER, provider__isnull=False).values_list(
                "username", flat=True
            )
        )
        new = [(key, member) for key, member in institutions if username_of(key, member) not in known]
        approved = self.approved_providers([pair for pair in new if pair[1].host not in UNAPPROVED_HOSTS])
        self.approved_instruments(approved)
        self.approved_records(approved)
        if any(key == 0 for key, _member in new):
            self.story.going_on(approved)
            self.story.unapproved_providers([pair for pair in new if pair[1].host in UNAPPROVED_HOSTS])
            RecordStory(self.story, self.competence).going_on(approved)
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
        self.outcome.count(case.record for case in cases)
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
        self.outcome.count(case.record for case in cases)

    def approved_records(self, providers: Sequence[tuple[int, Institution, Provider]]) -> None:
        """Qualifications, then what rests on them, then the services, which use instruments stored before."""
        owned: dict[int, list[Instrument]] = defaultdict(list)
        instruments = Instrument.objects.filter(provider__in=[provider for *_ignored, provider in providers])
        for instrument in instruments.order_by("pk"):
            owned[instrument.provider_id].append(instrument)

        dice_of = {key: Dice(f"competence {key}", self.now) for key, *_rest in providers}
        make = self.competence
        held = {
            key: make.qualifications(key, member, provider, dice_of[key])
            for key, member, provider in providers
        }
        self.approve([(key, record) for key, records in held.items() for record in records], dice_of)
        for made in (
            {
                key: make.capabilities(key, member, provider, held[key], dice_of[key])
                for key, member, provider in providers
            },
            {
                key: make.testing_services(key, member, provider, dice_of[key])
                for key, member, provider in providers
            },
            {
                key: make.lab_services(key, member, provider, dice_of[key])
                for key, member, provider in providers
            },
        ):
            self.approve(
                [(key, record) for key, records in made.items() for record in records], dice_of, owned
            )

    def approve(
        self,
        records: Sequence[tuple[int, ProviderRecord]],
        dice_of: dict[int, Dice],
        owned: dict[int, list[Instrument]] | None = None,
    ) -> None:
        """Store records of one kind as approved, some time after their institution was."""
        cases = []
        for key, record in records:
            dice = dice_of[key]
            oldest = max(6, (self.now - (record.provider.decided_at or self.now)).days - 2)
            newest = 5 if not isinstance(record, Qualification) else max(5, oldest - 20)
            created = dice.moment(dice.randint(min(newest, oldest), oldest))
            submitted = created + timedelta(hours=dice.randint(1, 20))
            decided = dice.office_hours(submitted + timedelta(hours=dice.randint(4, 44)))
            case = Approved(record, created, submitted, decided, dice.choice(self.reviewers))
            if isinstance(record, ServiceRecord) and owned is not None:
                case.instruments = instruments_for(classes_of(record), owned[record.provider_id])
            cases.append(case)
        cases.sort(key=lambda case: case.created_at)
        create_approved(cases)
        self.outcome.count(case.record for case in cases)
