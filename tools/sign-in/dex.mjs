import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { install, installDir, startServer } from './installs.mjs';

/** dex publishes no release as a Go module: this is the commit that is built. */
const commit = 'ab64ed778070';
const version = `v0.0.0-20260806151424-${commit}`;
/** The word "password", hashed as dex wants it, from its own examples. */
const hash = '$2a$10$2b2cU8CPhOTaGrs1HRQuAueS7JTT5ZHsHSzYiFPm1leZck7Mc8T4W';
const people = {
  ada: { email: 'ada@orgn.test', password: 'password' },
  ben: { email: 'ben@orgn.test', password: 'password' },
};

/** dex, from the Go module proxy; or a binary of one's own, DEX_BIN, with the folder `web` of its sources beside it. */
export const dex = {
  async install() {
    const { program, web } = process.env.DEX_BIN ? own(process.env.DEX_BIN) : build(installDir('dex'));
    return { version, start: (options) => start({ program, web }, options) };
  },
};

function own(program) {
  return { program, web: join(dirname(program), 'web') };
}

function build(dir) {
  const paths = {
    GOPATH: join(dir, 'go'),
    GOMODCACHE: join(dir, 'go/mod'),
    GOCACHE: join(dir, 'cache'),
    GOFLAGS: '-mod=mod',
  };
  const options = { cwd: dir, env: { ...process.env, ...paths } };
  const program = join(dir, 'dex-server');
  if (!existsSync(program)) {
    if (!existsSync(join(dir, 'go.mod'))) writeFileSync(join(dir, 'go.mod'), 'module sign-in\n\ngo 1.24\n');
    install(
      'go',
      ['get', `github.com/dexidp/dex/cmd/dex@${version}`, `github.com/dexidp/dex/api/v2@${commit}`],
      options,
    );
    install('go', ['build', '-o', program, 'github.com/dexidp/dex/cmd/dex'], options);
  }
  const modules = join(paths.GOMODCACHE, 'github.com/dexidp');
  const sources = readdirSync(modules).find((name) => name.startsWith('dex@'));
  return { program, web: join(modules, sources, 'web') };
}

async function start({ program, web }, { port, console, clientId, secret }) {
  const issuer = `http://localhost:${port}/dex`;
  const file = join(installDir('dex'), `config-${port}.json`);
  const users = Object.entries(people).map(([username, { email }]) => ({
    email,
    hash,
    username,
    userID: `id-of-${username}`,
  }));
  const client = {
    ...{ id: clientId, secret, name: 'ORGN', redirectURIs: [`${console}/api/auth/callback`] },
    postLogoutRedirectURIs: [`${console}/`],
    backchannelLogoutURI: `${console}/api/auth/backchannel-logout`,
  };
  const config = {
    ...{ issuer, storage: { type: 'memory' }, web: { http: `127.0.0.1:${port}` }, frontend: { dir: web } },
    ...{
      oauth2: { skipApprovalScreen: true },
      enablePasswordDB: true,
      staticPasswords: users,
      staticClients: [client],
    },
    expiry: { signingKeys: '1h' },
    sessions: {
      cookieName: 'dex_session',
      absoluteLifetime: '24h',
      validIfNotUsedFor: '1h',
      rememberMeCheckedByDefault: true,
    },
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const env = { ...process.env, DEX_SESSIONS_ENABLED: 'true' };
  const address = `${issuer}/.well-known/openid-configuration`;
  const { stop } = await startServer(program, ['serve', file], { env, address, seconds: 30 });
  return {
    ...{ name: 'dex', issuer, people, stop },
    fields: ({ email, password }) => ({ login: email, password, remember_me: 'true' }),
  };
}
