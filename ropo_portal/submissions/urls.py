"""Room: the addresses of the outbox."""

from django.urls import path

from ropo_portal.submissions.views import acts, lines, listening, many, pages

app_name = "submissions"
urlpatterns = [
    path("", pages.submissions, name="list"),
    path("withdraw", many.withdraw_many, name="withdraw-many"),
    path("lines/", lines.lines, name="line"),
    path("lines/<uuid:pk>/pause", lines.pause, name="pause"),
    path("lines/<uuid:pk>/resume", lines.resume, name="resume"),
    path("lines/<uuid:pk>/check-connection", lines.check_connection, name="check-connection"),
    path("lines/<uuid:pk>/events", listening.webhook, name="webhook"),
    path("lines/<uuid:pk>/events/secret", listening.webhook_secret, name="webhook-secret"),
    path("lines/<uuid:pk>/events/clear-alarm", listening.clear_alarm, name="clear-alarm"),
    path("<uuid:pk>", pages.detail, name="detail"),
    path("<uuid:pk>/panel", pages.panel, name="panel"),
    path("<uuid:pk>/message", pages.reveal, name="reveal"),
    path("<uuid:pk>/send-now", acts.send_now, name="send-now"),
    path("<uuid:pk>/withdraw", acts.withdraw, name="withdraw"),
    path("<uuid:pk>/release", acts.release, name="release"),
    path("<uuid:pk>/look-up", acts.look_up, name="look-up"),
    path("<uuid:pk>/there", acts.there, name="there"),
    path("<uuid:pk>/propose-resend", acts.propose, name="propose-resend"),
    path("<uuid:pk>/confirm-resend", acts.confirm, name="confirm-resend"),
    path("<uuid:pk>/withdraw-proposal", acts.take_back, name="withdraw-proposal"),
    path("<uuid:pk>/write-off", acts.write_off, name="write-off"),
]
