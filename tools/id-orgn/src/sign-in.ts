import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { demoUsers, findByEmail } from './demo-users.ts';
import type { DemoUser } from './demo-users.ts';
import { messagePage, signInPage } from './pages.ts';

const longestFormBytes = 4096;

/**
 * The sign-in step of an authorization request. A `login_hint` that names a demo user signs that user in at once;
 * else a page asks who it shall be.
 */
export async function signIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { uid, params } = await provider.interactionDetails(request, response);
  const user = request.method === 'POST' ? findByEmail(await readEmail(request)) : findByEmail(params.login_hint);
  if (user === undefined) sendPage(response, 200, signInPage(demoUsers, `/interaction/${uid}`));
  else await finish(provider, request, response, user);
}

/** Sends a page that loads nothing and cannot be framed. */
export function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
  });
  response.end(html);
}

/** The page for a sign-in that is over or was never begun here. */
export function sendExpired(response: ServerResponse): void {
  sendPage(response, 400, messagePage('Sign-in expired', 'Go back to the console and sign in again.'));
}

async function finish(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  user: DemoUser,
): Promise<void> {
  // The empty consent answers `prompt=consent`: the console is ours, there is nothing to ask.
  const result = { login: { accountId: user.sub }, consent: {} };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function readEmail(request: IncomingMessage): Promise<string | null> {
  let form = '';
  for await (const part of request.setEncoding('utf8') as AsyncIterable<string>) {
    form += part;
    if (form.length > longestFormBytes) return null;
  }
  return new URLSearchParams(form).get('email');
}
