# One image for web and worker. Three stages, so that neither node nor build tools are in the last one.
# docs/operations.md says how to run it; compose.yaml is a whole installation.

FROM node:22-slim AS design
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /srv/ikz/.venv
ENV PATH=/srv/ikz/.venv/bin:$PATH
WORKDIR /srv/ikz
COPY requirements.txt ./
RUN pip install --require-hashes --requirement requirements.txt
COPY . .
COPY --from=design /build/node_modules node_modules
# The folder for the data of this stage goes away with it.
RUN export IKZ_VAR_DIR=/tmp/var IKZ_STATIC_DIR=/srv/ikz/static \
    && python manage.py kern_assets \
    && python manage.py collectstatic --no-input --verbosity 0 \
    && rm -r node_modules \
    && python -m compileall -q applications ikz municipalities

FROM python:3.13-slim-trixie
# pg_dump and pg_restore, for manage.py backup and restore; as new as the server in compose.yaml.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /var/lib/ikz --shell /usr/sbin/nologin ikz \
    && install --directory --owner ikz --group ikz --mode 0750 /var/lib/ikz
COPY --from=build /srv/ikz /srv/ikz
ENV PATH=/srv/ikz/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    IKZ_VAR_DIR=/var/lib/ikz \
    IKZ_STATIC_DIR=/srv/ikz/static \
    IKZ_LOG=json \
    GUNICORN_CMD_ARGS=--bind=0.0.0.0:8000
WORKDIR /srv/ikz
USER 10001
VOLUME /var/lib/ikz
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s CMD ["python", "docs/deploy/healthcheck.py"]
CMD ["gunicorn", "--config", "docs/deploy/gunicorn.conf.py", "ikz.wsgi"]
