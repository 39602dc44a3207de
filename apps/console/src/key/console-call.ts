import type { ConsoleRoute, Given } from '@orgn/console-api';
import { api } from '../api/client.ts';
import { shellWord } from '../ui/shell-word.ts';

/** A call of the console API for a terminal; the session comes from a cookie jar, as docs/console-api.md makes one. */
export function asConsoleCall<C extends ConsoleRoute>(route: C, given: Given<C>): string {
  const body =
    given.body === undefined
      ? []
      : [`  -H 'content-type: application/json' -d ${shellWord(JSON.stringify(given.body))}`];
  return [
    `curl -X ${route.method} -b session.jar -H 'x-orgn-csrf: 1'`,
    ...body,
    `  ${window.location.origin}${api.addressOf(route, given)}`,
  ].join(' \\\n');
}
