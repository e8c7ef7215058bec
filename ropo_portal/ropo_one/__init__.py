"""The room that speaks to Ropo One over REST and knows nothing of the portal, Django or Celery."""
