# One image for every service; the command says which. Tag and digest are those of docker-library/official-images and
# docker-library/repo-info; docs/deployment.md says how to take a newer one.
ARG NODE_IMAGE=node:24-bookworm-slim@sha256:235600a8101ab264e117b1768e925532262668dc9b581ef1dd7d96ced463b8e7
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY . .
# Install scripts fetch runtimes for development; a build needs none of them.
RUN npm ci --ignore-scripts --no-audit --no-fund && node node_modules/typescript/bin/tsc -b

# What the services need at run time: their dependencies and compiled files, nothing of the development tools.
FROM build AS runtime
RUN rm -rf node_modules libs/testing tools/providers tools/id-orgn tools/stack tools/deploy tools/lint e2e \
  && npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
    -w apps/auth -w apps/gateway -w apps/inference-router -w apps/key-registry -w apps/usage-metering \
    -w tools/migrate -w tools/operator \
  && find apps libs tools -type d -name src -not -path '*/node_modules/*' -prune -exec rm -rf {} +

# Development only: the provider and sign-in simulators of the profile `demo`. They refuse NODE_ENV=production.
FROM ${NODE_IMAGE} AS simulators
ENV NODE_OPTIONS=--disable-sigusr1
WORKDIR /app
COPY --from=build /app ./
USER node

FROM ${NODE_IMAGE} AS production
ENV NODE_ENV=production
# SIGUSR1 must not open an inspector, which could read prompts out of memory.
ENV NODE_OPTIONS=--disable-sigusr1
# One arena of malloc for every few threads: more of them keep memory that nobody uses.
ENV MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=runtime /app/package.json /app/models.yaml ./
COPY --from=runtime /app/node_modules ./node_modules
COPY --from=runtime /app/libs ./libs
COPY --from=runtime /app/apps ./apps
COPY --from=runtime /app/tools/migrate ./tools/migrate
COPY --from=runtime /app/tools/operator ./tools/operator
COPY --from=runtime /app/deploy ./deploy
USER node
ENTRYPOINT ["node", "deploy/entrypoint.mjs"]
