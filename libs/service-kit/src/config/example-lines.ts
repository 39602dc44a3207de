/** For settings without a default: a value as it may look, so that whoever lacks the line can write it. */
const examples: Readonly<Record<string, string>> = {
  NODE_ENV: 'production',
  INSTANCE: 'gateway-1',
  NATS_URL: 'nats://nats:4222',
  NATS_SEED: 'SU… (npm run secrets makes it)',
  OPS_PORT: '9090',
  HTTP_PORT: '8080',
  DATABASE_URL: 'postgresql://role@postgres:5432/orgn',
  ADVERTISED_URL: 'tls://inference-router-1:8090',
  MODELS_FILE: '/app/models.yaml',
  KEY_PEPPERS: 'k1:… (npm run secrets makes it)',
  ADMISSION_KEYS: 'a1:… (npm run secrets makes it)',
  CONSOLE_URL: 'https://console.example.com',
  OIDC_ISSUER: 'https://id.example.com',
  OIDC_CLIENT_ID: 'orgn-console',
  OIDC_CLIENT_SECRET: '… (as the identity provider shows it)',
  DATABASE_ADMIN_URL: 'postgresql://orgn_admin@postgres:5432/orgn',
  AUTH_DATABASE_PASSWORD: '… (npm run secrets makes it)',
  INFERENCE_ROUTER_DATABASE_PASSWORD: '… (npm run secrets makes it)',
  KEY_REGISTRY_DATABASE_PASSWORD: '… (npm run secrets makes it)',
  USAGE_METERING_DATABASE_PASSWORD: '… (npm run secrets makes it)',
};

/** The line to add for a setting that is missing. */
export function exampleLine(name: string): string {
  return `${name}=${examples[name] ?? '…'}`;
}
