# The web process: point LAGESBILD_DATABASE_URL at a PostgreSQL server, or mount a volume on LAGESBILD_HOME.
# It writes to that volume alone: docker run --read-only --tmpfs /tmp --cap-drop ALL (see docs/security.md).
# Without login it listens on loopback only, so run it with --network host behind a proxy that handles login.
# Plotly's cartesian bundle, if npm can fetch it: without it the whole of Plotly is served (see tools/plotly_bundle.py)
FROM node:22-slim AS plotly
WORKDIR /bundle
RUN npm pack plotly.js-cartesian-dist-min@4.1.1 --silent --ignore-scripts --fetch-retries=0 || true

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 lagesbild
WORKDIR /srv/lagesbild
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements.lock
COPY app.py ./
COPY src ./src
COPY assets ./assets
COPY tools ./tools
COPY data/seed ./data/seed
COPY data/real ./data/real
RUN --mount=type=bind,from=plotly,source=/bundle,target=/bundle python tools/plotly_bundle.py --from /bundle
RUN python -m pip install --no-cache-dir --no-deps --no-build-isolation -e . \
    && python -m compileall -q src \
    && mkdir -p /var/lib/lagesbild && chown lagesbild /var/lib/lagesbild
USER lagesbild
ENV LAGESBILD_HOME=/var/lib/lagesbild PORT=8050
VOLUME /var/lib/lagesbild
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=2)"]
CMD ["lagesbild", "serve"]
