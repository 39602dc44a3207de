import { ServiceError } from '@orgn/contracts';
import type { AttestationMetrics } from './attestation.metrics.ts';
import { fetchText, type Asked, type FetchedText } from './fetch-text.client.ts';

/** A statement of Intel or NVIDIA that is asked for. */
export interface StatementQuestion extends Asked {
  /** What it is, for the metrics. */
  what: string;
  url: string;
  /** What is said where there is none. */
  absent: string;
}

/** Asks for a statement, and counts how that went. @throws ServiceError `provider_unavailable` */
export async function fetchStatement(metrics: AttestationMetrics, question: StatementQuestion): Promise<FetchedText> {
  const { what, url, absent, ...asked } = question;
  try {
    const answer = await fetchText(url, asked);
    if (answer.status !== 200) throw new ServiceError('provider_unavailable', absent);
    metrics.fetched(what, 'answered');
    return answer;
  } catch (error) {
    metrics.fetched(what, 'failed');
    throw error;
  }
}
