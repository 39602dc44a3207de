import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { URLSearchParams } from 'node:url';
import { install, installDir, startServer } from './installs.mjs';

const version = '26.7.3';
const admin = { username: 'admin', password: 'an-admin-of-this-test' };
const people = {
  ada: { email: 'ada@orgn.test', password: 'ada-has-a-password' },
  ben: { email: 'ben@orgn.test', password: 'ben-has-a-password' },
};

/** Keycloak, from Maven Central; Java 17 or newer. */
export const keycloak = {
  async install() {
    const dir = installDir('keycloak');
    const home = join(dir, `keycloak-${version}`);
    if (!existsSync(join(home, 'bin/kc.sh'))) {
      const artifact = `-Dartifact=org.keycloak:keycloak-quarkus-dist:${version}:zip`;
      install('java', ['-version']);
      install('mvn', [
        '-q',
        '-B',
        'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy',
        artifact,
        `-DoutputDirectory=${dir}`,
      ]);
      install('jar', ['xf', `keycloak-quarkus-dist-${version}.zip`], { cwd: dir });
    }
    return { version, start: (options) => start(home, options) };
  },
};

async function start(home, { port, console, clientId, secret }) {
  mkdirSync(join(home, 'data/import'), { recursive: true });
  writeFileSync(join(home, 'data/import/orgn-realm.json'), JSON.stringify(realm({ console, clientId, secret })));
  const origin = `http://localhost:${port}`;
  const issuer = `${origin}/realms/orgn`;
  const env = {
    ...process.env,
    KC_BOOTSTRAP_ADMIN_USERNAME: admin.username,
    KC_BOOTSTRAP_ADMIN_PASSWORD: admin.password,
  };
  const args = ['bin/kc.sh', 'start-dev', '--import-realm', `--http-port=${port}`, '--db=dev-mem', '--cache=local'];
  const address = `${issuer}/.well-known/openid-configuration`;
  const { stop } = await startServer('sh', args, { cwd: home, env, address, seconds: 240 });
  const api = adminApi(origin);
  return {
    name: 'keycloak',
    issuer,
    people,
    stop,
    /** Fills in the form that a page of the provider's shows. */
    fields: ({ email, password }) => ({ username: email, password }),
    backchannel: async (email) => {
      const [user] = await api('GET', `users?exact=true&email=${email}`);
      await api('POST', `users/${user.id}/logout`);
    },
    rotateKeys: async () => {
      const { id } = await api('GET', '');
      const old = (await api('GET', 'components?type=org.keycloak.keys.KeyProvider')).filter(
        ({ providerId }) => providerId === 'rsa-generated',
      );
      const config = {
        priority: ['500'],
        enabled: ['true'],
        active: ['true'],
        algorithm: ['RS256'],
        keySize: ['2048'],
      };
      const key = {
        name: `key-${Date.now()}`,
        providerId: 'rsa-generated',
        providerType: 'org.keycloak.keys.KeyProvider',
      };
      await api('POST', 'components', { ...key, parentId: id, config });
      for (const one of old) await api('DELETE', `components/${one.id}`);
    },
  };
}

function adminApi(origin) {
  return async (method, path, body) => {
    const form = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...admin });
    const token = await fetch(`${origin}/realms/master/protocol/openid-connect/token`, { method: 'POST', body: form });
    const { access_token: access } = await token.json();
    const response = await fetch(`${origin}/admin/realms/orgn${path && `/${path}`}`, {
      method,
      headers: { authorization: `Bearer ${access}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Keycloak answers ${response.status} to ${method} ${path}.`);
    return text ? JSON.parse(text) : undefined;
  };
}

function realm({ console, clientId, secret }) {
  const users = Object.entries(people).map(([username, { email, password }]) => ({
    ...{ username, email, emailVerified: true, enabled: true, firstName: username, lastName: 'Person' },
    credentials: [{ type: 'password', value: password, temporary: false }],
  }));
  const attributes = {
    'post.logout.redirect.uris': `${console}/`,
    'backchannel.logout.url': `${console}/api/auth/backchannel-logout`,
    'backchannel.logout.session.required': 'true',
    'pkce.code.challenge.method': 'S256',
  };
  const client = {
    clientId,
    secret,
    protocol: 'openid-connect',
    publicClient: false,
    standardFlowEnabled: true,
    attributes,
  };
  return {
    ...{ realm: 'orgn', enabled: true, sslRequired: 'none', users },
    clients: [{ ...client, redirectUris: [`${console}/api/auth/callback`] }],
  };
}
