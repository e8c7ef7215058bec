"""ropo_portal: the web application by which finance staff hand receivables to Ropo One Connect."""

from ropo_portal.celery import app as celery_app

__all__ = ["celery_app"]
