# One image for web, worker, beat, migrate and the sandbox; the command decides which one it is.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

RUN useradd --create-home --uid 10001 portal
WORKDIR /app

COPY requirements/runtime.lock requirements/runtime.lock
RUN pip install --require-hashes --only-binary :all: -r requirements/runtime.lock

COPY manage.py bootstrap.py pyproject.toml ./
COPY ropo_portal ropo_portal
COPY locale locale
COPY templates templates
COPY static static

# The files of the interface belong to the image. Mode `demo` builds them without a key of production,
# and leaves packing to us.
RUN ROPO_MODE=demo DATABASE_URL=sqlite://:memory: CELERY_BROKER_URL=memory:// python manage.py collectstatic --noinput \
    && python -m whitenoise.compress --quiet static_root \
    && mkdir var && chown portal var

USER portal
EXPOSE 8000

CMD ["gunicorn", "ropo_portal.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", \
     "--access-logfile", "-"]
