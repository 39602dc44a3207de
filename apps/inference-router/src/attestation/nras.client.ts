import { Injectable } from '@nestjs/common';
import type { NrasEvidence } from '@orgn/attestation';
import { RouterConfig } from '../config.ts';
import { AttestationMetrics } from './attestation.metrics.ts';
import type { Asked } from './fetch-text.client.ts';
import { fetchStatement } from './statement.client.ts';

const MOST_BYTES = 1_048_576;
/** NVIDIA's keys live for two days; new ones appear long before they are used. */
const KEPT_MS = 3_600_000;

/** NVIDIA's service that judges what GPUs report of themselves. */
@Injectable()
export class NrasClient {
  #keys: { text: string; until: number } | undefined;

  constructor(
    private readonly config: RouterConfig,
    private readonly metrics: AttestationMetrics,
  ) {}

  /** @param body the evidence of GPUs, with its nonce. @throws ServiceError `provider_unavailable` */
  async attest(body: string): Promise<NrasEvidence> {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const url = `${this.config.NRAS_URL}/v3/attest/gpu`;
    const response = await this.#ask('nras', url, { method: 'POST', headers, body, most: MOST_BYTES });
    return { response, jwks: await this.#keySet(response) };
  }

  /** The key set; asked for anew when an answer is signed by a key that was not in it. */
  async #keySet(response: string): Promise<string> {
    const known = this.#keys;
    const isKnown = known && known.until > Date.now() && keyIdsIn(response).every((id) => known.text.includes(id));
    if (isKnown) return known.text;
    const text = await this.#ask('jwks', `${this.config.NRAS_URL}/.well-known/jwks.json`, { most: MOST_BYTES });
    this.#keys = { text, until: Date.now() + KEPT_MS };
    return text;
  }

  async #ask(what: string, url: string, asked: Asked): Promise<string> {
    const absent = "NVIDIA's word on the enclave's GPUs could not be fetched.";
    return (await fetchStatement(this.metrics, { what, url, absent, ...asked })).text;
  }
}

/** Ids of keys in the headers of an answer's tokens. */
function keyIdsIn(response: string): string[] {
  const headers = response.match(/"eyJ[A-Za-z0-9_-]+(?=\.)/g) ?? [];
  return headers.slice(0, 64).flatMap((header) => {
    const json = Buffer.from(header.slice(1), 'base64url').toString('utf8');
    return /"kid"\s*:\s*"([^"]+)"/.exec(json)?.[1] ?? [];
  });
}
