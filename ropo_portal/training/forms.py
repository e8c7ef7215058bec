"""Room: how often something is to go wrong."""

from django import forms

from ropo_portal.training.desk import MOST_TIMES


class TimesForm(forms.Form):
    """One number."""

    times = forms.IntegerField(min_value=1, max_value=MOST_TIMES)
