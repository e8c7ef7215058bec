"""Room: the addresses of claims, reminders and debt collections."""

from django.urls import path

from ropo_portal.collection.views import (
    acts,
    approvals,
    debtors,
    detail,
    edit,
    flags,
    lists,
    mending,
    overrides,
    promises,
    waiting,
)

app_name = "collection"
urlpatterns = [
    path("", lists.claims, name="list"),
    path("approvals", waiting.approvals, name="approvals"),
    path("gather", lists.gather, name="gather"),
    path("new", edit.create, name="create"),
    path("of-invoice/<uuid:pk>", detail.of_invoice, name="of-invoice"),
    path("of-invoice/<uuid:pk>/begin/<str:step>", acts.begin_of_invoice, name="begin-of-invoice"),
    path("claim/<uuid:pk>", detail.claim, name="claim"),
    path("claim/<uuid:pk>/correct", mending.correct, name="claim-correct"),
    path("claim/<uuid:pk>/discard", mending.discard, name="claim-discard"),
    path("claim/<uuid:pk>/fate", detail.fate_panel, name="fate"),
    path("claim/<uuid:pk>/look", acts.look, name="look"),
    path("claim/<uuid:pk>/begin/<str:step>", acts.begin, name="begin"),
    path("claim/<uuid:pk>/override/<str:step>", overrides.propose, name="override"),
    path("override/<uuid:pk>/confirm", overrides.confirm, name="override-confirm"),
    path("override/<uuid:pk>/withdraw", overrides.withdraw, name="override-withdraw"),
    path("of-debtor/<uuid:pk>", debtors.of_debtor, name="of-debtor"),
    path("of-debtor/<uuid:pk>/flag", flags.flag, name="flag"),
    path("of-debtor/<uuid:pk>/promise", promises.note, name="promise"),
    path("flag/<uuid:pk>/lift", flags.lift, name="flag-lift"),
    path("promise/<uuid:pk>/withdraw", promises.withdraw, name="promise-withdraw"),
    path("step/<uuid:pk>", detail.document, name="detail"),
    path("reminder/<uuid:pk>", edit.reminder, name="reminder"),
    path("reminder/<uuid:pk>/send", acts.send_reminder, name="reminder-send"),
    path("case/<uuid:pk>", edit.case, name="case"),
    path("case/<uuid:pk>/propose", approvals.propose, name="case-propose"),
    path("case/<uuid:pk>/approve", approvals.approve, name="case-approve"),
    path("case/<uuid:pk>/return", approvals.give_back, name="case-return"),
    path("case/<uuid:pk>/send", approvals.post, name="case-send"),
    path("<str:kind>/<uuid:pk>/withdraw", acts.withdraw, name="withdraw"),
    path("<str:kind>/<uuid:pk>/send-now", acts.send_now, name="send-now"),
    path("<str:kind>/<uuid:pk>/discard", acts.discard, name="discard"),
    path("proof/<uuid:pk>", overrides.proof, name="proof"),
    path("proof/<uuid:pk>/remove", overrides.remove_proof, name="proof-remove"),
]
