"""What the public pages show: a change of any of it ends what the page cache holds (accounts/public_version.py).

Every model of ours and of Wagtail stands in exactly one of these lists; tests/page_cache/test_version.py names one that does not.
What is written past the models (bulk_create, the search index) calls ``public_changed`` where it is done.
"""

from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    Site,
    get_page_models,
)
from wagtail.signals import page_slug_changed, post_page_move

from accounts.public_version import public_changed
from catalogue.models import (
    AttributeDefinition,
    Capability,
    Instrument,
    InstrumentClass,
    LabService,
    Qualification,
    TestingField,
    TestingService,
)
from institutions.models import Provider, Suspension
from policy.models import Download, Faq, Topic
from programme.models import ProgrammeParameters
from workflow.signals import submission_moved
from workflow.statuses import Action

# Shown as soon as they are saved.
EDITED: tuple[type[Model], ...] = (
    Download,
    Faq,
    Topic,
    AttributeDefinition,
    InstrumentClass,
    TestingField,
    Suspension,
    ProgrammeParameters,  # the switch for 立即下单
    Collection,
    CollectionViewRestriction,
    PageViewRestriction,
    Redirect,
    SearchPromotion,
    Site,
)
# Shown once something that refers to them is; only then does a change matter.
REFERRED: tuple[type[Model], ...] = (get_document_model(), get_image_model())
# Drafts until a decision lets them before the public, and drafts again before their next change.
MODERATED: tuple[type[Model], ...] = (
    Provider,
    Instrument,
    Qualification,
    Capability,
    TestingService,
    LabService,
)
# Neither shown to visitors, nor changed without one of the above; or, like popular searches, in no hurry.
NOT_SHOWN = frozenset(
    {
        "accounts.user",
        "accounts.message",
        "accounts.publicversion",
        "mfa.authenticator",
        "usersessions.usersession",
        "wagtailusers.userprofile",
        "catalogue.instrumentphoto",
        "catalogue.job",
        "catalogue.qualificationreminder",
        "catalogue.searchdoc",
        "catalogue.searchversion",
        "figures.cell",  # refreshing calls public_changed
        "figures.consumeryear",
        "figures.progress",
        "figures.provideryear",
        "files.privatefile",
        "institutions.consumer",
        "institutions.consumerban",
        "institutions.incubatedmember",
        "files.siterendition",
        "wagtailimages.image",
        "wagtailimages.rendition",
        "wagtailembeds.embed",
        "wagtailsearchpromotions.query",
        "wagtailsearchpromotions.querydailyhits",
        "wagtailsearch.indexentry",
        "wagtailsearch.sqliteftsindexentry",
        "orders.booking",  # whose move takes or frees time of an instrument calls public_changed
        "orders.bookingfile",
        "orders.bookingmessage",
        "orders.calendarfeed",
        "orders.closure",  # as do the services of this
        "orders.evaluation",  # its services call public_changed
        "orders.invoice",
        "orders.openinghours",  # and of this
        "orders.order",
        "orders.orderdocument",
        "orders.orderitem",
        "redemptions.bankresult",
        "redemptions.objection",
        "redemptions.payoutbatch",
        "redemptions.payoutline",
        "redemptions.provideraccount",
        "redemptions.redemption",
        "redemptions.redemptionshare",
        "redemptions.scanhash",
        "redemptions.signin",
        "redemptions.clawback",
        "supervision.alert",
        "supervision.alertnote",
        "supervision.audittrail",
        "supervision.fileaccess",
        "vouchers.applicationproject",
        "vouchers.grant",
        "vouchers.ledgerentry",
        "vouchers.pool",
        "vouchers.voucher",
        "vouchers.voucherapplication",
        "vouchers.vouchernotice",
        "workflow.auditentry",
        "workflow.reviewtask",
        "workflow.reviewtaskstate",
        "wagtailadmin.admin",
        "wagtailadmin.editingsession",
        "wagtailadmin.formstate",
        "wagtailcore.apitoken",
        "wagtailcore.comment",
        "wagtailcore.commentreply",
        "wagtailcore.groupapprovaltask",
        "wagtailcore.groupcollectionpermission",
        "wagtailcore.grouppagepermission",
        "wagtailcore.groupsitepermission",
        "wagtailcore.locale",
        "wagtailcore.modellogentry",
        "wagtailcore.pagelogentry",
        "wagtailcore.pagesubscription",
        "wagtailcore.referenceindex",
        "wagtailcore.revision",
        "wagtailcore.task",
        "wagtailcore.taskstate",
        "wagtailcore.uploadedfile",
        "wagtailcore.workflow",
        "wagtailcore.workflowcontenttype",
        "wagtailcore.workflowpage",
        "wagtailcore.workflowstate",
        "wagtailcore.workflowtask",
        "policy.editorialtask",
    }
)
# What Wagtail writes into a row when only its draft has changed: an editor's browser saves every few seconds.
DRAFT_FIELDS = frozenset(
    {
        "draft_title",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "wagtail_admin_comments",
    }
)
VISIBLE_MOVES = frozenset({Action.APPROVE, Action.WITHDRAW, Action.SUSPEND, Action.LIFT})


def connect() -> None:
    for model in (*get_page_models(), *EDITED, *REFERRED):
        name = f"public_content.{model._meta.label_lower}"
        saved = replaced if model in REFERRED else edited
        post_save.connect(saved, sender=model, dispatch_uid=name)
        post_delete.connect(changed, sender=model, dispatch_uid=name)
        for field in model._meta.local_many_to_many:
            m2m_changed.connect(changed, sender=field.remote_field.through, dispatch_uid=name)
    for model in MODERATED:
        name = f"public_content.{model._meta.label_lower}"
        submission_moved.connect(moved, sender=model, dispatch_uid=name)
        post_delete.connect(changed, sender=model, dispatch_uid=name)
    # Addresses of pages, and of all below them, that no row was saved for.
    page_slug_changed.connect(changed, dispatch_uid="public_content.slug")
    post_page_move.connect(changed, dispatch_uid="public_content.moved")


def changed(**_kwargs: Any) -> None:
    public_changed()


def edited(*, update_fields: frozenset[str] | None, **_kwargs: Any) -> None:
    if update_fields is None or not update_fields <= DRAFT_FIELDS:
        public_changed()


def replaced(*, created: bool, **_kwargs: Any) -> None:
    if not created:
        public_changed()


def moved(*, action: Action, **_kwargs: Any) -> None:
    if action in VISIBLE_MOVES:
        public_changed()


def is_watched(model: type[Model]) -> bool:
    return issubclass(model, Page) or model in {*EDITED, *REFERRED, *MODERATED}
