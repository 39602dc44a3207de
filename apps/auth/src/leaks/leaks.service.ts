import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { findKeys, isWellFormedKey, ServiceError, type ClientContext, type KeyView } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { toKeyDigest } from '../keys/key-secret.ts';
import { Forgeries } from '../permissions/forgeries.ts';
import type { LeakedKey } from './leak-policy.ts';
import { LeakResponse } from './leak-response.ts';
import { parseLeakReports, type LeakLabel, type LeakReport } from './leak-report.ts';
import { isSignedBy } from './report-signature.ts';
import { ScannerKeysClient } from './scanner-keys.client.ts';

/** Digests that the registry looks up in one question. */
const LOOKUP = 1_000;

/** A report as it arrived: the signature is over these very bytes. */
export interface SignedReport {
  body: Buffer;
  identifier: string;
  signature: string;
  client: ClientContext;
  /** Where it came from. */
  address: string;
}

@Injectable()
export class LeaksService {
  constructor(
    private readonly scannerKeys: ScannerKeysClient,
    private readonly bus: Bus,
    private readonly response: LeakResponse,
    private readonly forgeries: Forgeries,
  ) {}

  /**
   * Acts on the keys that a secret scanner has found, and says which of its matches are keys at all.
   * @throws ServiceError `invalid_request` for a report that is not signed by the scanner or not well formed,
   *   `rate_limit_exceeded` for a network that sends many that are not signed
   */
  async take({ body, identifier, signature, client, address }: SignedReport): Promise<LeakLabel[]> {
    const key = identifier === '' ? undefined : await this.scannerKeys.find(identifier);
    if (!key || !isSignedBy(key, body, signature)) {
      // An honest scanner never comes here, whatever others send from its network.
      this.forgeries.count(
        { attempt: 'leak_report', reason: key ? 'signature' : 'unknown_key', line: 'leak report refused' },
        address,
      );
      throw new ServiceError('invalid_request', 'This report is not signed with a key that the scanner publishes.');
    }
    const reports = parseLeakReports(body);
    const known = await this.#find(reports);
    await this.response.act(leakedKeys(reports, known), client);
    return reports.map(({ token, type }) => ({
      token_hash: createHash('sha256').update(token).digest('hex'),
      token_type: type,
      label: known.has(toKeyDigest(token)) ? 'true_positive' : 'false_positive',
    }));
  }

  /** The keys among the tokens, by digest. What cannot be a key costs no question. */
  async #find(reports: readonly LeakReport[]): Promise<Map<string, KeyView>> {
    const tokens = new Set(reports.map(({ token }) => token).filter(isWellFormedKey));
    const digests = [...tokens].map(toKeyDigest);
    const known = new Map<string, KeyView>();
    for (let at = 0; at < digests.length; at += LOOKUP) {
      const { found } = await this.bus.ask(findKeys, { digests: digests.slice(at, at + LOOKUP) });
      for (const { digest, key } of found) known.set(digest, key);
    }
    return known;
  }
}

/** Each key once, with the fingerprints of all reports of it. */
function leakedKeys(reports: readonly LeakReport[], known: ReadonlyMap<string, KeyView>): LeakedKey[] {
  const leaked = new Map<string, LeakedKey>();
  for (const { token, type, url } of reports) {
    const key = known.get(toKeyDigest(token));
    if (!key) continue;
    const entry = leaked.get(key.id) ?? { key, fingerprints: [] };
    entry.fingerprints.push(
      createHash('sha256')
        .update(JSON.stringify([key.id, type, url ?? '']))
        .digest(),
    );
    leaked.set(key.id, entry);
  }
  return [...leaked.values()];
}
