import type { AuditView } from '@orgn/console-api';
import { exactTime } from '../ui/time-text.ts';

/** What was done, as a person says it. Actions that came later than this page are said by their own name. */
const words: Record<string, string> = {
  'key.created': 'made the key',
  'key.updated': 'changed the key',
  'key.rotated': 'rotated the key',
  'key.extended': 'gave the replaced key more time',
  'key.revoked': 'revoked the key',
  'key.disabled': 'disabled the key',
  'key.enabled': 'enabled the key',
  'key.leaked': 'reported the key as leaked',
  'team.created': 'made the team',
  'team.updated': 'changed the team',
  'team.deleted': 'deleted the team',
  'team.enclaves_demanded': 'said what enclaves must prove',
  'team.transferred': 'handed the team over',
  'balance.credited': 'credited the balance',
  'balance.refunded': 'took back from the balance',
  'team.budget_set': 'set the team’s monthly budget',
  'team.balance_shown': 'said whether keys see the balance',
  'member.budget_set': 'set a member’s monthly budget',
  'balance.topped_up': 'booked a payment',
  'balance.charged_back': 'booked a payment that the bank took back',
  'balance.chargeback_won': 'booked a dispute that was won',
  'payment.opened': 'began to pay in',
  'payment.cancelled': 'gave a payment up',
  'team.alerts_set': 'chose when owners are told of the balance',
  'team.suspended': 'suspended the team',
  'team.resumed': 'resumed the team',
  'member.updated': 'changed the role of a member',
  'member.removed': 'removed a member',
  'member.left': 'left the team',
  'member.enrolled': 'put somebody into the team',
  'invitation.created': 'invited somebody',
  'invitation.resent': 'sent an invitation again',
  'invitation.revoked': 'took an invitation back',
  'invitation.accepted': 'accepted an invitation',
};

export const knownActions = Object.keys(words);

export function actionInWords(action: string): string {
  return words[action] ?? action.replace('.', ' ').replaceAll('_', ' ');
}

const kinds: Record<AuditView['actor']['kind'], string> = {
  user: 'Somebody',
  operator: 'The operator',
  holder: 'Whoever held the secret',
  scanner: 'A secret scanner',
  system: 'The gateway',
};

export function actorInWords({ kind, name }: AuditView['actor']): string {
  if (kind === 'operator' && name) return `The operator ${name}`;
  return name ?? kinds[kind];
}

export interface Change {
  field: string;
  before: string;
  after: string;
}

/** What was changed, field by field, before and after; moments in a time zone. */
export function changesOf({ before, after }: Pick<AuditView, 'before' | 'after'>, timeZone: string): Change[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changes = fields.map((field) => ({
    field: fieldInWords(field),
    before: valueInWords(before?.[field], timeZone),
    after: valueInWords(after?.[field], timeZone),
  }));
  // What was made without a limit need not say so of each.
  return before === null ? changes.filter(({ after: made }) => made !== 'none') : changes;
}

/** `ipAllowList` as `ip allow list`. */
function fieldInWords(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function valueInWords(value: unknown, timeZone: string): string {
  if (isNothing(value)) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map((one) => valueInWords(one, timeZone)).join(', ');
  if (typeof value !== 'string') return JSON.stringify(value);
  return MOMENT.test(value) ? exactTime(value, timeZone) : value;
}
