# One image for every service; the command says which. Tag and digest are those of docker-library/official-images and
# docker-library/repo-info; docs/deployment.md says how to take a newer one.
ARG NODE_IMAGE=node:24-bookworm-slim@sha256:235600a8101ab264e117b1768e925532262668dc9b581ef1dd7d96ced463b8e7

# The manifests alone. What is installed follows from them, and is installed again only when one of them has changed.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete && find . -type d -empty -delete

# Install scripts fetch runtimes for development; a build needs none of them.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --ignore-scripts

FROM dependencies AS build
COPY . .
RUN node node_modules/typescript/bin/tsc -b && node tools/stack/bundle/main.mjs && node apps/console/build.mjs

# What the services need at run time, without what nobody runs: types, maps, the authors' texts. Licences stay.
FROM ${NODE_IMAGE} AS runtime-dependencies
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --ignore-scripts --omit=dev --omit=optional \
    -w apps/auth -w apps/gateway -w apps/inference-router -w apps/key-registry -w apps/usage-metering \
    -w tools/migrate -w tools/operator \
  && find . -path '*/node_modules/*' -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.flow' \
    -o -name '*.md' ! -iname 'licen[cs]e*' ! -iname 'notice*' \) -delete \
  && find tools -mindepth 1 -maxdepth 1 ! -name migrate ! -name operator -exec rm -rf {} + \
  && rm -rf e2e libs/testing apps/console \
  && find node_modules -xtype l -delete

# What was compiled, beside the files that are run as they are.
FROM build AS compiled
RUN mkdir /compiled \
  && cp -r --parents deploy models.yaml apps/*/dist libs/*/dist tools/migrate/dist tools/operator/dist \
    tools/bootstrap.mjs tools/operators.mjs tools/stack/*.mjs tools/stack/certificates /compiled \
  && rm -rf /compiled/libs/testing /compiled/apps/*/dist/bundle/.[!.]* \
  && find /compiled -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.spec.mjs' -o -name '*.tsbuildinfo' \) \
    -delete

# Development only: the provider and sign-in simulators of the profile `demo`. They refuse NODE_ENV=production.
FROM ${NODE_IMAGE} AS simulator-dependencies
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --ignore-scripts --omit=dev --omit=optional -w tools/id-orgn -w tools/providers -w tools/evidence -w tools/stripe

FROM ${NODE_IMAGE} AS simulators
ENV NODE_OPTIONS=--disable-sigusr1
WORKDIR /app
COPY --from=simulator-dependencies /app ./
COPY --from=build /app/deploy/healthy.sh ./deploy/
COPY --from=build /app/tools/id-orgn/demo-users.json ./tools/id-orgn/
COPY --from=build /app/tools/id-orgn/dist ./tools/id-orgn/dist
COPY --from=build /app/tools/evidence/dist ./tools/evidence/dist
COPY --from=build /app/tools/providers/dist ./tools/providers/dist
COPY --from=build /app/tools/stripe/dist ./tools/stripe/dist
USER node

FROM ${NODE_IMAGE} AS services
ENV NODE_ENV=production
# SIGUSR1 must not open an inspector, which could read prompts out of memory; tools/stack/node-flags.mjs explains the other,
# and the one below.
ENV NODE_OPTIONS="--disable-sigusr1 --max-semi-space-size=16"
ENV NODE_COMPILE_CACHE=/app/.compiled
# What malloc keeps that nobody uses; in tools/stack/node-flags.mjs too.
ENV MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072 MALLOC_MMAP_THRESHOLD_=1048576
WORKDIR /app
# The layer of what others wrote stays when only ours has changed.
COPY --from=runtime-dependencies /app ./
COPY --from=compiled /compiled ./
USER node
# This one is not for NODE_OPTIONS.
ENTRYPOINT ["node", "--no-allocation-site-pretenuring", "deploy/entrypoint.mjs"]

# What Node compiles when each command starts, by the user and the flags that it will run with: they are part of the cache's name.
# Without settings a service loads all that it consists of, says what is missing and ends.
FROM services AS warmed
USER root
RUN install -d -o node /app/.compiled
USER node
RUN for name in auth gateway inference-router key-registry usage-metering migrate operator; do \
      node --no-allocation-site-pretenuring deploy/entrypoint.mjs $name > /tmp/said 2>&1; grep -qE 'cannot start|Usage|DATABASE' /tmp/said || { cat /tmp/said; exit 1; }; \
    done

# Nobody can change the cache: it belongs to root, and so do the files.
FROM services AS production
COPY --from=warmed --chown=root:root /app/.compiled ./.compiled
