import type { ConsoleKey } from '@orgn/console-api';
import { exactDay } from '../ui/time-text.ts';

export type Limits = Pick<ConsoleKey, 'models' | 'executionPolicy' | 'ipAllowList' | 'expiresAt'> &
  Partial<Pick<ConsoleKey, 'budgets' | 'rpm' | 'tpm'>>;

const windows = { total: 'in all', month: 'a month', week: 'a week', day: 'a day' } as const;

/** What it stops at, a few words each. */
function ends({ budgets, rpm, tpm }: Partial<Pick<ConsoleKey, 'budgets' | 'rpm' | 'tpm'>>): string[] {
  const money = Object.entries(windows).flatMap(([window, words]) => {
    const amount = budgets?.[window as keyof typeof windows];
    return amount === undefined ? [] : [`$${amount} ${words}`];
  });
  return [
    ...money,
    ...(rpm == null ? [] : [count(rpm, 'request a minute', 'requests a minute')]),
    ...(tpm == null ? [] : [count(tpm, 'token a minute', 'tokens a minute')]),
  ];
}

const count = (n: number, one: string, more = `${one}s`) => `${n} ${n === 1 ? one : more}`;

/** What a key is held to, a few words each; none: it may do whatever its team may. */
export function limitsInWords({ models, executionPolicy, ipAllowList, ...rest }: Omit<Limits, 'expiresAt'>): string[] {
  return [
    ...(executionPolicy === 'tee_only' ? ['enclaves only'] : []),
    ...(models ? [models.length === 1 ? (models[0] as string) : count(models.length, 'model')] : []),
    ...(ipAllowList ? [count(ipAllowList.length, 'network')] : []),
    ...ends(rest),
  ];
}

/** What the gateway will enforce, as one sentence. `timeZone`: an IANA name, for the day that it ends on. */
export function limitsAsSentence(
  { models, executionPolicy, ipAllowList, expiresAt, ...rest }: Limits,
  timeZone: string,
): string {
  const what =
    models === null ? 'every model' : models.length === 1 ? `the model ${models[0]}` : count(models.length, 'model');
  const where = executionPolicy === 'tee_only' ? ' that runs in an attested enclave, and nothing else' : '';
  const from = ipAllowList === null ? 'from anywhere' : `from ${count(ipAllowList.length, 'network')} only`;
  const until = expiresAt === null ? 'until you revoke it' : `until ${exactDay(expiresAt, timeZone)}`;
  const stops = ends(rest);
  const end = stops.length === 0 ? '' : ` It is refused beyond ${new Intl.ListFormat('en').format(stops)}.`;
  return `This key may call ${what}${where}, ${from}, ${until}.${end}`;
}
