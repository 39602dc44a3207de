import type { Manifest } from '../dump/manifest.ts';

export function rowsOf({ schemas }: Manifest): number {
  return schemas.flatMap(({ tables }) => tables).reduce((sum, { rows }) => sum + rows, 0);
}

/** Which secrets what is in a dump is worth nothing without, a line each, by name and never with a value. */
export function secretsOf({ peppers, usage }: Manifest): string[] {
  const ofKeys = peppers.map(({ kid, keys, proof }) => {
    const unproven = proof === null ? ' (it was not there when the backup was made)' : '';
    return `KEY_PEPPERS with ${kid}: ${keys} ${keys === 1 ? 'key is' : 'keys are'} stored under it${unproven}`;
  });
  const words = usage?.words ?? 0;
  return [...ofKeys, ...(words > 0 ? [`ADMISSION_KEYS of then: ${words} usage words are proven by them`] : [])];
}
