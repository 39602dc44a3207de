# One image for every service; the command says which. The tag is listed in docker-library/official-images, library/node.
FROM node:24-bookworm-slim AS build
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
FROM node:24-bookworm-slim AS simulators
WORKDIR /app
COPY --from=build /app ./
USER node

FROM node:24-bookworm-slim AS production
ENV NODE_ENV=production
# SIGUSR1 must not open an inspector, which could read prompts out of memory.
ENV NODE_OPTIONS=--disable-sigusr1
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
