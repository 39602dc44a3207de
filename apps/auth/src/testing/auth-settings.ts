import { freePort } from '@orgn/testing';
import { builtConsole } from './built-console.ts';

/** The auth service's own variables, for specs whose subject is something else: nobody can sign in. */
export async function authSettings(more: Record<string, string> = {}): Promise<Record<string, string>> {
  const port = String(await freePort());
  return {
    HTTP_PORT: port,
    CONSOLE_URL: `http://localhost:${port}`,
    CONSOLE_DIR: builtConsole(),
    OIDC_ISSUER: 'http://127.0.0.1:9',
    OIDC_CLIENT_ID: 'orgn-console',
    OIDC_CLIENT_SECRET: 'secret-of-the-console-in-tests',
    // Tests sign in more often than anybody may.
    RATE_LIMIT_FACTOR: '100000',
    MAX_INVITATIONS_PER_PERSON_PER_DAY: '100000',
    MAX_INVITATIONS_PER_DAY: '100000',
    MAX_TEAMS_PER_PERSON_PER_DAY: '100000',
    ...more,
  };
}
