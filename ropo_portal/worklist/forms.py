"""Room: what somebody chooses about her notices."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.worklist.models import NoticeWish


class NoticeForm(forms.Form):
    """How often."""

    when = forms.ChoiceField(
        label=_("Tell me by e-mail"),
        choices=NoticeWish.When.choices,
        error_messages={"required": _("Choose how often."), "invalid_choice": _("Choose how often.")},
        help_text=_(
            "Refused, held and unclear submissions, and what waits for your approval, at all of your creditors. "
            "Senders and administrators are told of alarms at once, each once a day: a silent day, sending that is "
            "paused, a worker that was not heard from, a race with Ropo One. Never means none of it."
        ),
    )
