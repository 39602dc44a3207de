import { readFile } from 'node:fs/promises';
import { productionRoots, withDevelopmentRoots } from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';
import { defaultDemands, readDemands, readKeys, verifyBundle, type VerifiedReceipt } from '@orgn/receipts';
import type { Command } from './options.ts';

type VerifyCommand = Extract<Command, { name: 'verify' }>;

/** @throws Error when a file that was named cannot be read, or is not what it should be */
export async function verify(command: VerifyCommand): Promise<VerifiedReceipt> {
  const bytes = async (path: string | undefined) => (path === undefined ? null : await readFile(path));
  const [keys, policy] = [await bytes(command.keys), await bytes(command.policy)];
  return verifyBundle(await readFile(command.file, 'utf8'), {
    keys: keys && readKeys(keys.toString()),
    roots: command.allowsDevelopmentRoot ? withDevelopmentRoots(productionRoots) : productionRoots,
    ...(policy ? readDemands(policy.toString()) : { policy: defaultDemands }),
    request: await bytes(command.request),
    response: await bytes(command.response),
    crypto: nodeCrypto,
  });
}
