import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { certificateFiles, ensureCertificates, modes } from './certificate-folder.mjs';
import { parties } from './parties.mjs';

let dir;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'orgn-certificates-'))));
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

const certificateOf = (party) => new X509Certificate(readFileSync(certificateFiles(dir, party).certificate));
const authority = () => new X509Certificate(readFileSync(join(dir, 'ca', 'ca.crt')));
const inDays = (days) => {
  const now = Date.now();
  jest.spyOn(Date, 'now').mockReturnValue(now + days * 86_400_000);
};

describe('the certificates of a deployment', () => {
  test('carry the name of their service, are signed by its authority, and sign nothing themselves', async () => {
    expect(await ensureCertificates(dir)).toEqual(Object.keys(parties));
    expect(authority().ca).toBe(true);
    for (const party of Object.keys(parties)) {
      const certificate = certificateOf(party);
      expect([party, certificate.checkHost(party), certificate.ca]).toEqual([party, party, false]);
      expect(certificate.checkIssued(authority()) && certificate.verify(authority().publicKey)).toBe(true);
      for (const other of Object.keys(parties).filter((name) => name !== party)) {
        expect(certificate.checkHost(other)).toBeUndefined();
      }
    }
  });

  test('serve or ask, and the gateway’s alone does both', async () => {
    await ensureCertificates(dir);
    const [serverAuth, clientAuth] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'];
    const usages = Object.keys(parties).map((party) => [party, certificateOf(party).keyUsage]);
    for (const [party, usage] of usages)
      expect([party, usage]).toEqual([
        party,
        party === 'gateway' ? [serverAuth, clientAuth] : [parties[party].serves ? serverAuth : clientAuth],
      ]);
  });

  test('are kept, and made anew a month before their end by the same authority', async () => {
    await ensureCertificates(dir);
    const before = [certificateOf('nats').serialNumber, authority().serialNumber];
    expect(await ensureCertificates(dir)).toEqual([]);
    inDays(330);
    expect(await ensureCertificates(dir)).toEqual([]);
    inDays(10);
    expect(await ensureCertificates(dir)).toEqual(Object.keys(parties));
    expect(certificateOf('nats').serialNumber).not.toBe(before[0]);
    expect(authority().serialNumber).toBe(before[1]);
  });

  test('are made anew when they are asked for, lost, broken or of another authority', async () => {
    await ensureCertificates(dir);
    expect(await ensureCertificates(dir, { renew: true })).toEqual(Object.keys(parties));
    rmSync(certificateFiles(dir, 'auth').key);
    writeFileSync(certificateFiles(dir, 'gateway').key, readFileSync(certificateFiles(dir, 'nats').key));
    expect(await ensureCertificates(dir)).toEqual(['gateway', 'auth']);
    rmSync(join(dir, 'ca'), { recursive: true });
    expect(await ensureCertificates(dir)).toEqual(Object.keys(parties));
  });

  test('have a new authority before the old one ends before what it would sign', async () => {
    await ensureCertificates(dir);
    const before = authority().serialNumber;
    inDays(3_650 - 360);
    expect(await ensureCertificates(dir)).toEqual(Object.keys(parties));
    expect(authority().serialNumber).not.toBe(before);
  });

  test('are for their owner alone, or in a folder that is; the authority’s key always is', async () => {
    const modeOf = (...path) => statSync(join(dir, ...path)).mode & 0o777;
    await ensureCertificates(dir);
    for (const file of readdirSync(join(dir, 'gateway')))
      expect([file, modeOf('gateway', file)]).toEqual([file, 0o600]);
    expect([modeOf(), modeOf('gateway'), modeOf('ca', 'ca.key')]).toEqual([0o700, 0o700, 0o600]);
    await ensureCertificates(dir, { renew: true, mode: modes.mounted });
    expect([modeOf(), modeOf('gateway', 'tls.key'), modeOf('ca', 'ca.key')]).toEqual([0o700, 0o644, 0o600]);
  });
});
