"""Room: the addresses of invoices."""

from django.urls import path

from ropo_portal.invoices.views import acts, detail, edit, lists, payments
from ropo_portal.invoices.views import credits as crediting

app_name = "invoices"
urlpatterns = [
    path("", lists.invoices, name="list"),
    path("counters", lists.counters, name="counters"),
    path("of-debtor/<uuid:pk>", lists.of_debtor, name="of-debtor"),
    path("debtor-card/<uuid:pk>", edit.debtor_card, name="debtor-card"),
    path("new", edit.create, name="create"),
    path("draft-image", edit.draft_image, name="draft-image"),
    path("payments", payments.payments, name="payments"),
    path("payments/of-claim/<uuid:pk>", payments.new, name="payment-new"),
    path("payments/of-invoice/<uuid:pk>", payments.of_invoice, name="payment-of-invoice"),
    path("payments/register/<uuid:pk>", payments.register, name="register-now"),
    path("payments/<uuid:pk>", payments.detail, name="payment"),
    path("payments/<uuid:pk>/send", payments.send, name="payment-send"),
    path("payments/<uuid:pk>/confirm", payments.confirm, name="payment-confirm"),
    path("payments/<uuid:pk>/withdraw", payments.withdraw, name="payment-withdraw"),
    path("credit-notes/of-invoice/<uuid:pk>", crediting.compose, name="credit-new"),
    path("credit-notes/<uuid:pk>", crediting.note, name="credit-note"),
    path("credit-notes/<uuid:pk>/send", crediting.note_send, name="credit-note-send"),
    path("credit-notes/<uuid:pk>/withdraw", crediting.note_withdraw, name="credit-note-withdraw"),
    path("credits/of-claim/<uuid:pk>", crediting.place, name="credit-place"),
    path("credits/<uuid:pk>", crediting.detail, name="credit"),
    path("credits/<uuid:pk>/send", crediting.send, name="credit-send"),
    path("credits/<uuid:pk>/withdraw", crediting.withdraw, name="credit-withdraw"),
    path("claim-money/<uuid:pk>", crediting.claim_money, name="claim-money"),
    path("<uuid:pk>", detail.detail, name="detail"),
    path("<uuid:pk>/fate", detail.fate_panel, name="fate"),
    path("<uuid:pk>/draft", detail.draft, name="draft"),
    path("<uuid:pk>/edit", edit.edit, name="edit"),
    path("<uuid:pk>/send", acts.send, name="send"),
    path("<uuid:pk>/send-now", acts.send_now, name="send-now"),
    path("<uuid:pk>/withdraw", acts.withdraw, name="withdraw"),
    path("<uuid:pk>/discard", acts.discard, name="discard"),
    path("<uuid:pk>/copy", acts.copy, name="copy"),
    path("<uuid:pk>/preview", acts.preview, name="preview"),
    path("<uuid:pk>/fetch", acts.fetch, name="fetch"),
    path("<uuid:pk>/attachments", acts.attach, name="attach"),
    path("<uuid:pk>/attachments/<uuid:file>/remove", acts.detach, name="detach"),
]
