"""Room: practice, as Django knows it."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The app of practice; it keeps no rows of its own."""

    name = "ropo_portal.training"
    label = "training"
