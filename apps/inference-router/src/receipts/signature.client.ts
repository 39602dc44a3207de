import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { SignedAnswer } from '@orgn/attestation';
import { z } from 'zod';
import { SessionsService } from '../attestation/sessions.service.ts';
import { fetchText } from '../attestation/fetch-text.client.ts';
import type { ProviderName } from '../providers/provider.ts';
import { ProvidersService } from '../providers/providers.service.ts';

/** Pauses before each question, in milliseconds: the node that has the signature may not be the first one asked. */
const PAUSES_MS = [0, 250, 500, 1_000, 2_000, 4_000];
const MOST_BYTES = 16 * 1024;

const signed = z.object({
  text: z.string().max(2_048),
  signature: z.string().max(1_024),
  signing_address: z.string().max(256),
  signing_algo: z.string().max(32),
});

/** Asks a provider for its signature of an answer. */
@Injectable()
export class SignatureClient {
  constructor(
    private readonly providers: ProvidersService,
    private readonly sessions: SessionsService,
  ) {}

  /** @returns null when there is none within some seconds */
  async signatureOf(provider: ProviderName, chatId: string, model: string): Promise<SignedAnswer | null> {
    for (const pause of PAUSES_MS) {
      await wait(pause, undefined, { ref: false });
      const found = await this.#ask(provider, chatId, model).catch(() => null);
      if (found) return found;
    }
    return null;
  }

  async #ask(provider: ProviderName, chatId: string, model: string): Promise<SignedAnswer | null> {
    const { baseUrl, apiKey } = this.providers.require(provider).endpoint;
    const query = new URLSearchParams({ model, signing_algo: 'ed25519' });
    const dispatcher = this.sessions.dispatcherOf(provider);
    if (!dispatcher) return null;
    const headers = { accept: 'application/json', ...(apiKey && { authorization: `Bearer ${apiKey}` }) };
    const asked = { most: MOST_BYTES, dispatcher, headers };
    const { status, text } = await fetchText(`${baseUrl}/signature/${chatId}?${query.toString()}`, asked);
    const parsed = status === 200 ? signed.safeParse(JSON.parse(text)) : undefined;
    return parsed?.success ? parsed.data : null;
  }
}
