import { codeOf, fieldFaults } from '../api/fault.ts';

/** Which field of the form a refusal is about: the request's names are not the screen's. */
const fields: Record<string, string> = {
  name: 'name',
  models: 'models',
  ipAllowList: 'networks',
  expiresAt: 'expiresOn',
  budgets: 'budgets',
};

/** What is wrong with each field of a key's form; a name that is taken is the name's fault. */
export function draftFaults(error: unknown): Record<string, string> {
  const given = Object.entries(fieldFaults(error)).map(([path, message]) => {
    const field = fields[path.split('.')[0] ?? ''] ?? path;
    return [field, sentence(message)] as const;
  });
  if (given.length === 0 && codeOf(error) === 'request_conflict') return { name: (error as Error).message };
  return Object.fromEntries(given);
}

function sentence(message: string): string {
  return message.startsWith('must') ? `This ${message}.` : message;
}
