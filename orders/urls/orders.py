from django.urls import path

from orders.views import actions, documents, evaluations, lists
from orders.views import orders as views

app_name = "orders"
urlpatterns = [
    path("", lists.OrderListView.as_view(), name="list"),
    path("export/", lists.OrderExportView.as_view(), name="export"),
    path("direct/<slug:kind>/<int:pk>/", views.DirectOrderView.as_view(), name="direct"),
    path("<int:pk>/", views.OrderView.as_view(), name="detail"),
    path("<int:pk>/accept/", actions.AcceptOrderView.as_view(), name="accept"),
    path("<int:pk>/refuse/", actions.RefuseOrderView.as_view(), name="refuse"),
    path("<int:pk>/withdraw/", actions.WithdrawOrderView.as_view(), name="withdraw"),
    path("<int:pk>/propose-cancel/", actions.ProposeCancelView.as_view(), name="propose_cancel"),
    path("<int:pk>/agree-cancel/", actions.AgreeCancelView.as_view(), name="agree_cancel"),
    path("<int:pk>/decline-cancel/", actions.DeclineCancelView.as_view(), name="decline_cancel"),
    path("<int:pk>/drop-cancel/", actions.DropCancelView.as_view(), name="drop_cancel"),
    path("<int:pk>/deliver/", actions.DeliverView.as_view(), name="deliver"),
    path("<int:pk>/confirm/", actions.ConfirmView.as_view(), name="confirm"),
    path("<int:pk>/dispute/", actions.DisputeView.as_view(), name="dispute"),
    path("<int:pk>/invoices/new/", documents.InvoiceView.as_view(), name="invoice"),
    path(
        "<int:pk>/invoices/<int:invoice>/replace/",
        documents.ReplaceInvoiceView.as_view(),
        name="invoice_replace",
    ),
    path(
        "<int:pk>/invoices/<int:invoice>/remove/",
        documents.RemoveInvoiceView.as_view(),
        name="invoice_remove",
    ),
    path("<int:pk>/contract/", documents.ContractView.as_view(), name="contract"),
    path("<int:pk>/report/", documents.ReportView.as_view(), name="report"),
    path(
        "<int:pk>/documents/<int:document>/replace/",
        documents.ReplaceDocumentView.as_view(),
        name="document_replace",
    ),
    path(
        "<int:pk>/documents/<int:document>/remove/",
        documents.RemoveDocumentView.as_view(),
        name="document_remove",
    ),
    path("<int:pk>/evaluation/", evaluations.EvaluateView.as_view(), name="evaluate"),
    path("<int:pk>/evaluation/answer/", evaluations.AnswerView.as_view(), name="answer"),
]
