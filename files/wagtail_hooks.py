"""Images in the Wagtail admin: editors keep their own; what institutions uploaded is not theirs to touch."""

from collections.abc import Collection

from django.db.models import QuerySet
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy

from accounts.models import EXTERNAL_KINDS, User
from files.models import SiteImage


class OwnImagesPolicy(CollectionOwnershipPermissionPolicy):
    """Photos and logos of institutions belong to records that were reviewed, or are not public yet.

    Whoever may change an image may replace its file: one pair of eyes would change what two approved.
    """

    def user_has_any_permission_for_instance(
        self, user: User, actions: Collection[str], instance: SiteImage
    ) -> bool:
        uploader = instance.uploaded_by_user
        if uploader is not None and uploader.is_external:
            return False
        return bool(super().user_has_any_permission_for_instance(user, actions, instance))

    def instances_user_has_any_permission_for(
        self, user: User, actions: Collection[str]
    ) -> QuerySet[SiteImage]:
        images: QuerySet[SiteImage] = super().instances_user_has_any_permission_for(user, actions)
        return images.exclude(uploaded_by_user__kind__in=EXTERNAL_KINDS)


# The policy's arguments are those of Wagtail's own (wagtail.images.get_permission_policy), which is registered
# later than this one: only exact_class goes before it.
register_permission_policy(
    SiteImage,
    OwnImagesPolicy(SiteImage, auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user"),
    exact_class=True,
)
