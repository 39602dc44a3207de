import { ServiceError } from '@orgn/contracts';
import { request, type Dispatcher } from 'undici';

const TIMEOUT_MS = 20_000;

export interface Asked {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Largest answer, in bytes. */
  most: number;
  dispatcher?: Dispatcher;
}

export interface FetchedText {
  status: number;
  text: string;
  /** The same, as bytes. */
  bytes: Buffer;
  header: (name: string) => string;
}

/** Fetches a bounded answer, without following redirects. @throws ServiceError `provider_unavailable` when there is none */
export async function fetchText(url: string, { most, ...asked }: Asked): Promise<FetchedText> {
  try {
    const answer = await request(url, { ...asked, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const bytes = await readAll(answer.body, most);
    const header = (name: string): string => String(answer.headers[name] ?? '');
    return { status: answer.statusCode, text: bytes.toString('utf8'), bytes, header };
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw new ServiceError('provider_unavailable', 'What is needed for an attestation could not be fetched.', {
      cause: error,
    });
  }
}

async function readAll(body: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > most) throw new ServiceError('provider_unavailable', 'An answer about an attestation is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
