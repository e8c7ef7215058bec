"""Room: rules, as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RulesConfig(AppConfig):
    """The rules app."""

    name = "ropo_portal.rules"
    label = "rules"
    verbose_name = _("Rules and rates")
