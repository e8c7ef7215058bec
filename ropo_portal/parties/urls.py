"""Room: the addresses of creditors and debtors."""

from django.urls import path

from ropo_portal.parties.views import creditors, debtor_lists, debtors, people, production

app_name = "parties"
urlpatterns = [
    path("debtors/", debtor_lists.debtors, name="debtor-list"),
    path("debtors/options", debtor_lists.options, name="debtor-options"),
    path("debtors/new", debtors.create, name="debtor-create"),
    path("debtors/<uuid:pk>", debtors.detail, name="debtor-detail"),
    path("debtors/<uuid:pk>/edit", debtors.edit, name="debtor-edit"),
    path("debtors/<uuid:pk>/national-id", debtors.reveal, name="debtor-reveal"),
    path("creditors/", creditors.creditors, name="creditor-list"),
    path("creditors/new", creditors.create, name="creditor-create"),
    path("creditors/<uuid:pk>", creditors.detail, name="creditor-detail"),
    path("creditors/<uuid:pk>/edit", creditors.edit, name="creditor-edit"),
    path("creditors/<uuid:pk>/environments/new", creditors.add_environment, name="environment-add"),
    path("creditors/<uuid:pk>/people", people.people, name="people"),
    path("creditors/<uuid:pk>/people/new", people.invite, name="person-invite"),
    path("people/<uuid:pk>/role", people.change_role, name="person-role"),
    path("people/<uuid:pk>/end", people.end, name="person-end"),
    path("environments/<uuid:pk>/credentials", creditors.credentials, name="environment-credentials"),
    path("environments/<uuid:pk>/live", production.propose, name="live-propose"),
    path("environments/<uuid:pk>/lock", production.switch_off, name="live-off"),
    path("live-switches/<uuid:pk>/confirm", production.confirm, name="live-confirm"),
    path("live-switches/<uuid:pk>/withdraw", production.withdraw, name="live-withdraw"),
]
