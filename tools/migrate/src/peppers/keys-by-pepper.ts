import type { Pepper } from '@orgn/key-registry/peppers';
import type { ClientBase } from 'pg';
import type { PepperProof } from '../dump/manifest.ts';
import { provePepper } from './pepper-proof.ts';

/** Under which peppers keys are stored, with a proof for each that `peppers` has. None where there are no keys. */
export async function proofsOfKeys(
  client: ClientBase,
  peppers: readonly Pepper[],
  dumpId: string,
): Promise<PepperProof[]> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('key_registry.api_keys') IS NOT NULL AS exists`,
  );
  if (!found[0]?.exists) return [];
  const { rows } = await client.query<{ kid: string; keys: number; keyId: string; digest: string }>(KEYS);
  return rows.map(({ kid, keys, keyId, digest }) => {
    const pepper = peppers.find((one) => one.kid === kid);
    const sample = { keyId, digest };
    return { kid, keys, sample, proof: pepper ? provePepper(pepper, dumpId, sample) : null };
  });
}

const KEYS = `
  SELECT kid, keys, first AS "keyId", encode(k.digest, 'hex') AS digest
  FROM (SELECT digest_kid AS kid, count(*)::int AS keys, min(id) AS first FROM key_registry.api_keys GROUP BY 1) AS used
  JOIN key_registry.api_keys k ON k.id = first
  ORDER BY kid`;
