/** Variables that no configuration class reads: what programs on a developer's machine and tests go by. */
export const toolVariables: Readonly<Record<string, string>> = {
  OPS_TOKEN: 'operator commands on this host: the token of the deployment, when it is not in `secrets/ops_token`',
  BILLING: '`npm start`: how teams pay, as usage-metering has it; default `prepaid`',
  MODELS_FILE: '`npm start`: the catalogue of models; default `models.yaml` of the repository',
  OIDC_ISSUER:
    '`npm start`: another identity provider than the simulator, with `OIDC_CLIENT_ID` and `OIDC_CLIENT_SECRET`',
  STRIPE_SECRET_KEY: '`npm start`: a real Stripe account instead of the stand-in, with `STRIPE_WEBHOOK_SECRET`',
  INTERNAL_TLS: '`npm start`: `off` for a stack that speaks in the clear inside',
  NATS_SERVER_BIN: '`npm start` and tests: the nats-server to run, instead of one that is found or fetched',
  DOCKER_HOST: '`npm run test:compose`: the engine, as for docker itself',
  BENCH_PEERS_DIR: '`npm run bench`: where other gateways to compare with are',
  PEERS: '`npm run bench`: where these gateways are installed; default a folder beside the temporary files',
  BENCH_LOAD: '`npm run bench`: set by itself for its load generator',
  BENCH_RUNG: '`npm run bench -- --ablate`: set by itself for the processes of a layer',
  BENCH_HEAP_FILE: '`npm run bench -- --long`: set by itself for services whose live heap it looks at',
  CLIENTS_DIR: '`npm run test:clients`: where clients are installed; default a folder of the cache',
  XDG_CACHE_HOME: '`npm run test:clients`: where the cache is',
  SIGN_IN_DIR: '`npm run test:sign-in`: where Keycloak and dex are kept',
  DEX_BIN: '`npm run test:sign-in`: the dex to run',
  SCREENSHOTS_DIR: '`npm run screenshots`: where pictures go; default `.screenshots`',
  SCREENSHOTS_ONLY: '`npm run screenshots`: the pages to draw, by name, with commas between them',
  SCREENSHOTS_KEYS: '`npm run screenshots`: so many more keys, to see how pages bear that; default 0',
  SCREENSHOTS_WHOLE: '`npm run screenshots`: 1 takes each whole page as PNG besides; default none',
  SAMPLES_DIR: '`npm run test:recorded`: where recorded attestation evidence is; `--samples` says the same',
  TEST_LONG: 'tests: `1` for the sizes that take minutes, as `npm run test:long` sets it',
  SEED: 'tests: the seed of a random run, to see it again',
  SWALLOWED_PACKETS: 'tests: set by themselves for a network that loses packets',
  UPDATE_DOCS: 'tests: `1` writes generated pages again',
  UPDATE_RECORDED: 'tests: `1` records the contracts of a release',
};

/** What the environment of `process.env` is read for beside settings: what npm, Node and the shell set. */
export const surroundings = ['INIT_CWD', 'PATH', 'HOME', 'TMPDIR', 'NODE_ENV', 'LOG_LEVEL'];

/** When a setting without which a service starts is needed all the same. */
export const conditions: Readonly<Record<string, string>> = {
  TRUSTED_PROXIES: 'in production',
  TLS_DIR: 'unless `INTERNAL_TLS=off`',
  DATABASE_PASSWORD: 'where `DATABASE_URL` has none',
  DATABASE_ADMIN_PASSWORD: 'where `DATABASE_ADMIN_URL` has none',
  MAIL_FROM: 'in production with `SMTP_URL`',
  SMTP_URL: 'in production with `MAIL_FROM`; for mail',
  STRIPE_SECRET_KEY: 'for payments, with `STRIPE_WEBHOOK_SECRET`',
  STRIPE_WEBHOOK_SECRET: 'for payments, with `STRIPE_SECRET_KEY`',
  SIGN_UP_DOMAINS: 'with `SIGN_UP=domains`',
  ...Object.fromEntries(
    ['NEAR', 'PHALA', 'VERCEL', 'LOCAL'].flatMap((name) => [
      [`${name}_BASE_URL`, `for its models; in production with \`${name}_API_KEY\``],
      [`${name}_API_KEY`, name === 'LOCAL' ? 'where it asks for one' : `in production with \`${name}_BASE_URL\``],
    ]),
  ),
};
