import { createSecretKey } from 'node:crypto';
import { toUsageEvent, usageRecordedByRouter } from '@orgn/contracts';
import { readTicket, ServiceLog, UsagePublishers } from '@orgn/service-kit';
import { Registry } from 'prom-client';
import { deriveSecret } from '../../stack/secrets.mjs';

/** What a stack's tickets are made with: a router must know it, and the bench is the host of both. */
export function admissionKeys({ opsToken }) {
  return [{ kid: 'a1', key: createSecretKey(Buffer.from(deriveSecret(opsToken, 'admission-key'), 'base64url')) }];
}

/** Checks tickets, as a router does. @throws when one is no good */
export function openTicketCheck(stack) {
  const keys = admissionKeys(stack);
  return (headers) => {
    const read = readTicket(keys, headers['x-orgn-ticket'] ?? '');
    if (typeof read === 'string') throw new Error(`a ticket is ${read}`);
    return read.admission;
  };
}

/** Stores what was used, as a router does; metering settles it as any other word. */
export function openWords(bus) {
  const log = new ServiceLog('inference-router', 'bench-router', 'warn');
  const publisher = new UsagePublishers(bus, log, new Registry()).open(usageRecordedByRouter);
  return async ({ admission, ticket, streamed }, usage) => {
    const { requestId, teamId, keyId } = admission;
    const record = {
      ...{ requestId, teamId, keyId, streamed, model: 'local_canned', provider: 'local', execution: 'operator' },
      ...{ outcome: 'completed', countedBy: 'provider' },
      promptTokens: usage?.promptTokens ?? 0,
      completionTokens: usage?.completionTokens ?? 0,
      costNanoUsd: 0,
      priceVersion: 'bench',
      startedAt: new Date(admission.admittedAtMs).toISOString(),
      durationMs: 1,
    };
    const event = toUsageEvent(record, { witness: 'router', instance: 'bench-router', ticket: ticket.split('~')[0] });
    await publisher.publish(event.id, event);
  };
}
