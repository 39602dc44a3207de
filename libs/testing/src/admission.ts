import { tellAdmissionTime, type KeyId, type RequestId, type TeamId } from '@orgn/contracts';
import { mintTicket, noLimits, type Admission, type Bus } from '@orgn/service-kit';
import { admissionSettings } from '@orgn/service-kit/settings';
import { z } from 'zod';
import { playResponder } from './play-responder.ts';

/** ADMISSION_KEYS of every service that a test starts. */
export const TEST_ADMISSION_KEYS = `test:${Buffer.alloc(32, 'admission').toString('base64url')}`;

const keys = z.object(admissionSettings).parse({ ADMISSION_KEYS: TEST_ADMISSION_KEYS }).ADMISSION_KEYS;
const noOne = `key_${'0'.repeat(32)}` as KeyId;

/** What the registry would admit: team_test's key without limits, now. */
export function makeAdmission(overrides: Partial<Admission> & { requestId: RequestId }): Admission {
  return {
    keyId: noOne,
    teamId: 'team_test' as TeamId,
    ownerId: null,
    source: 'api',
    lineageId: overrides.keyId ?? noOne,
    admittedAtMs: Date.now(),
    executionPolicy: 'any',
    ...noLimits,
    ...overrides,
  };
}

/** A ticket as the registry of a test would give it out. @param models that the key is limited to */
export function makeTicket(
  overrides: Partial<Admission> & { requestId: RequestId },
  models: string[] | null = null,
): string {
  return mintTicket(keys, makeAdmission(overrides), models);
}

/** Plays the registry where a router asks it for the time. @returns a function that ends the play */
export function playAdmissionTime(bus: Bus, databaseMs: () => number = () => Date.now()): () => void {
  return playResponder(bus, tellAdmissionTime, () => ({ databaseMs: databaseMs() }));
}
