"""Form fields that read login names and mobile numbers the way people write them."""

from typing import Any

from django import forms

from accounts.validators import normalise_login_name, normalise_mobile

# Nobody types this much. Normalising can make text eighteen times as long: two megabytes in a login form
# kept a worker busy for seconds. What is longer goes to the validators as it came, and they refuse it.
LONGEST_INPUT = 1000


class LoginNameField(forms.CharField):
    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return normalise_login_name(value) if value and len(value) <= LONGEST_INPUT else value


class MobileField(forms.CharField):
    """Eleven digits after reading; so the input itself may be longer, with spaces or +86."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return normalise_mobile(value) if value and len(value) <= LONGEST_INPUT else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"type": "tel", "autocomplete": "tel", "maxlength": "20"}
