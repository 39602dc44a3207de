import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Provider, interactionPolicy } from 'oidc-provider';
import type { Account, Configuration, Grant, JWK, KoaContextWithOIDC } from 'oidc-provider';
import { findByEmail, findBySub } from './demo-users.ts';
import { messagePage, signOutPage } from './pages.ts';
import type { IdOrgnConfig } from './read-config.ts';

const day = 86_400;

/** An OpenID provider with one client, the console, and the demo users. Its signing keys are new at each start. */
export async function createIdentityProvider(config: IdOrgnConfig): Promise<Provider> {
  return new Provider(config.issuer, {
    clients: [consoleClient(config)],
    jwks: { keys: await makeSigningKeys() },
    cookies: cookiesFor(config.issuer),
    fetch: fetchAnywhere,
    findAccount: (_, sub) => toAccount(sub),
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    scopes: ['openid', 'email', 'profile'],
    // The claims are in the ID token as well as at userinfo, as most providers in use have it.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    // By this, a production deployment knows what must never sign anybody in.
    discovery: { orgn_simulator: true },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: showSignOut, postLogoutSuccessSource: showSignedOut },
    },
    interactions: { policy: signInPolicy(), url: (_, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: grantEverything,
    renderError: (context, out) => showPage(context, messagePage('Sign-in failed', out.error_description ?? out.error)),
    ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: day, IdToken: 3600, Interaction: 600, Session: day },
  });
}

function consoleClient(config: IdOrgnConfig): NonNullable<Configuration['clients']>[number] {
  return {
    client_id: 'orgn-console',
    client_name: 'ORGN console',
    client_secret: config.clientSecret,
    redirect_uris: [`${config.consoleUrl}/api/auth/callback`],
    post_logout_redirect_uris: [`${config.consoleUrl}/`],
    backchannel_logout_uri: config.backchannelLogoutUrl,
    backchannel_logout_session_required: true,
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_basic',
    require_auth_time: true,
  };
}

async function makeSigningKeys(): Promise<JWK[]> {
  const generate = promisify(generateKeyPair);
  const pairs = await Promise.all([generate('rsa', { modulusLength: 2048 }), generate('ec', { namedCurve: 'P-256' })]);
  return pairs.map((pair, index) => ({
    ...(pair.privateKey.export({ format: 'jwk' }) as JWK),
    use: 'sig',
    alg: index === 0 ? 'RS256' : 'ES256',
  }));
}

function cookiesFor(issuer: string): NonNullable<Configuration['cookies']> {
  // Cookies of localhost are shared by all its ports: two stacks side by side need names of their own.
  const { port } = new URL(issuer);
  const names = {
    session: `id_orgn_session_${port}`,
    interaction: `id_orgn_interaction_${port}`,
    resume: `id_orgn_resume_${port}`,
  };
  return { names, keys: [randomBytes(32).toString('base64url')] };
}

/**
 * The library's own fetch refuses loopback addresses, where the console of a development stack is. Nothing but the
 * configured back-channel logout address is ever fetched.
 */
function fetchAnywhere(input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> {
  const { dispatcher: _, ...rest } = init as RequestInit & { dispatcher?: unknown };
  return fetch(input, rest);
}

function toAccount(sub: string): Account | undefined {
  const user = findBySub(sub);
  if (user === undefined) return undefined;
  const { email, name, groups } = user;
  return { accountId: sub, claims: () => ({ sub, email, email_verified: true, name, groups }) };
}

/** The usual policy, and a sign-in whenever the hint names another demo user than the one who is signed in. */
function signInPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  const hintMismatch = new interactionPolicy.Check(
    'login_hint_mismatch',
    'the hinted user is not the one who is signed in',
    'login_required',
    ({ oidc }) => {
      const hinted = findByEmail(oidc.params?.login_hint);
      return hinted !== undefined && !oidc.result?.login && hinted.sub !== oidc.session?.accountId;
    },
  );
  policy.get('login')?.checks.add(hintMismatch);
  return policy;
}

/** The console is ours: nobody is asked for consent. */
async function grantEverything({ oidc }: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { client, session, provider } = oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const existing = session.grantIdFor(client.clientId);
  const found = existing === undefined ? undefined : await provider.Grant.find(existing);
  if (found !== undefined) return found;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid email profile');
  await grant.save();
  return grant;
}

function showSignOut(context: KoaContextWithOIDC, form: string): void {
  showPage(context, signOutPage(form));
}

function showSignedOut(context: KoaContextWithOIDC): void {
  showPage(context, messagePage('Signed out', 'You have signed out.'));
}

function showPage(context: KoaContextWithOIDC, html: string): void {
  context.type = 'html';
  context.body = html;
}
