"""Room: the forms of the people of a creditor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.roles import Role
from ropo_portal.parties.forms.fields import CheckedForm, TextField, email_field


class InvitationForm(CheckedForm):
    """Who is invited, and what for."""

    email = email_field(required=True, help_text=_("The letter goes here, and it is the name at sign-in."))
    name = TextField(label=_("Name"), longest=120)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.READER)


class RoleForm(CheckedForm):
    """Another role."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class EndForm(CheckedForm):
    """Why a role is taken away."""

    reason = TextField(label=_("Reason"), longest=200, help_text=_("It stands in the history."))
