"""Room: what is typed about a view that is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.finding.models import LONGEST_NAME
from ropo_portal.ui.fields import PlainField


class ViewForm(forms.Form):
    """A name, and who sees it."""

    name = PlainField(
        label=_("Name"),
        longest=LONGEST_NAME,
        required=True,
        error_messages={"required": _("Give it a name.")},
    )
    is_shared = forms.BooleanField(label=_("Shared with all of the creditor's staff"), required=False)
