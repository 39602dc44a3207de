import type { ConsoleKey } from '@orgn/console-api';
import { exactDay } from '../ui/time-text.ts';

type Stops = Partial<Pick<ConsoleKey, 'budgets' | 'softBudgets' | 'rpm' | 'tpm' | 'concurrency'>>;
export type Limits = Pick<ConsoleKey, 'models' | 'executionPolicy' | 'ipAllowList' | 'expiresAt'> & Stops;

/** Windows of a budget as they are said, the longest first. */
const windows = { total: 'in all', month: 'a month', week: 'a week', day: 'a day' } as const;

/** Its budgets that refuse, or those that only warn. */
function budgetsInWords({ budgets, softBudgets = [] }: Stops, isSoft: boolean): string[] {
  return (Object.keys(windows) as (keyof typeof windows)[]).flatMap((window) => {
    const amount = budgets?.[window];
    return amount === undefined || softBudgets.includes(window) !== isSoft ? [] : [`$${amount} ${windows[window]}`];
  });
}

/** Rates, and how many requests at a time. */
function pacesInWords({ rpm, tpm, concurrency }: Stops): string[] {
  return [
    ...(rpm == null ? [] : [count(rpm, 'request a minute', 'requests a minute')]),
    ...(tpm == null ? [] : [count(tpm, 'token a minute', 'tokens a minute')]),
    ...(concurrency == null ? [] : [count(concurrency, 'request at a time', 'requests at a time')]),
  ];
}

const count = (n: number, one: string, more = `${one}s`) => `${n} ${n === 1 ? one : more}`;

/** What a key is held to, a few words each; none: it may do whatever its team may. */
export function limitsInWords({ models, executionPolicy, ipAllowList, ...rest }: Omit<Limits, 'expiresAt'>): string[] {
  return [
    ...(executionPolicy === 'tee_only' ? ['enclaves only'] : []),
    ...(models ? [models.length === 1 ? (models[0] as string) : count(models.length, 'model')] : []),
    ...(ipAllowList ? [count(ipAllowList.length, 'network')] : []),
    ...budgetsInWords(rest, false),
    ...budgetsInWords(rest, true).map((budget) => `warns at ${budget}`),
    ...pacesInWords(rest),
  ];
}

/** What the gateway will enforce, as one sentence, and another one on what only warns. `timeZone`: an IANA name, for the day that it ends on. */
export function limitsAsSentence(
  { models, executionPolicy, ipAllowList, expiresAt, ...rest }: Limits,
  timeZone: string,
): string {
  const what =
    models === null ? 'every model' : models.length === 1 ? `the model ${models[0]}` : count(models.length, 'model');
  const where = executionPolicy === 'tee_only' ? ' that runs in an attested enclave, and nothing else' : '';
  const from = ipAllowList === null ? 'from anywhere' : `from ${count(ipAllowList.length, 'network')} only`;
  const until = expiresAt === null ? 'until you revoke it' : `until ${exactDay(expiresAt, timeZone)}`;
  return `This key may call ${what}${where}, ${from}, ${until}.${endAsSentence(rest)}`;
}

function endAsSentence(stops: Stops): string {
  const [hard, soft] = [[...budgetsInWords(stops, false), ...pacesInWords(stops)], budgetsInWords(stops, true)];
  const refusing = hard.length === 0 ? '' : ` It is refused beyond ${listed(hard)}.`;
  return soft.length === 0 ? refusing : `${refusing} Beyond ${listed(soft)} it only warns.`;
}

const listed = (words: readonly string[]) => new Intl.ListFormat('en').format(words);
