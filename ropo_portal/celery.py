"""Frame: the Celery application. Messages carry ids only; they are doorbells, never the work itself."""

import os

from celery import Celery

from ropo_portal import bells

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ropo_portal.settings")

bells.mend()
app = Celery("ropo_portal")
# What belongs to the sending protocol and is nobody's to configure.
app.conf.update(
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_publish_retry=False,
    broker_connection_timeout=1.0,
    broker_connection_retry_on_startup=True,
    worker_prefetch_multiplier=1,
    # A post under way is not cut because the broker went away.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_detect_quorum_queues=True,
    worker_hijack_root_logger=False,
    db_reuse_max=1000,
)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
