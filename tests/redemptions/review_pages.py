"""The pages on which claims are reviewed, as staff use them."""

from redemptions.models import Redemption
from vouchers.models import LedgerEntry
from workflow.models import AuditEntry

LEDGER = "/admin/redemptions/redemption/"
QUEUE = f"{LEDGER}?queue=1"


def case(claim):
    return f"{LEDGER}inspect/{claim.pk}/"


def rows_at(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.text.count('data-object-pk="')


def decide(client, claim, decision, **values):
    """As the page's form sends it, with the version and the account that are on the screen."""
    form = client.get(case(claim)).context["form"]
    shown = {name: form[name].value() for name in ("version", "account")}
    return client.post(case(claim), {"decision": decision, **shown, **values})


def unchanged(claim):
    """All that a decision would change."""
    return (
        Redemption.objects.values("status", "amount", "reason", "checked_by", "decided_by").get(pk=claim.pk),
        LedgerEntry.objects.count(),
        AuditEntry.objects.count(),
    )
