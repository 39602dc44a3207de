import { ServiceError, type Execution, type Model } from '@orgn/contracts';

/** The query of a model list, as it came. */
export type ModelListQuery = Readonly<Record<string, unknown>>;

const tiers: readonly { name: string; execution: Execution }[] = [
  { name: 'allow_tee', execution: 'tee' },
  { name: 'allow_zdr', execution: 'zdr' },
];

/**
 * Which tiers a list is to show: `false` takes one away, everything else stays.
 * @throws ServiceError `invalid_request` for anything but true and false
 */
export function tierFilter(query: ModelListQuery): (model: Model) => boolean {
  const hidden = new Set(tiers.filter(({ name }) => !isAllowed(query, name)).map(({ execution }) => execution));
  return (model) => !hidden.has(model.execution);
}

function isAllowed(query: ModelListQuery, name: string): boolean {
  const value = query[name];
  if (value === undefined) return true;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  if (word === 'true' || word === 'false') return word === 'true';
  throw new ServiceError('invalid_request', `${name} must be "true" or "false".`, { param: name });
}
