import { hkdfSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { busTlsUnder } from '@orgn/service-kit/client';
import { z } from 'zod';
import type { Deployment } from './deployment.ts';

const stackFile = z.object({
  postgresUrl: z.url(),
  opsToken: z.string().min(1),
  bus: z.object({
    url: z.string(),
    ca: z.string().nullish(),
    users: z.object({ 'usage-metering': z.object({ seed: z.string() }) }),
  }),
  processes: z.array(z.unknown()).default([]),
});
export type Stack = z.output<typeof stackFile>;

/** What a stack's folder says of it. @returns undefined where none was, or where it cannot be read */
export function readStack(dir: string): Stack | undefined {
  const file = join(dir, 'stack.json');
  if (!existsSync(file)) return undefined;
  return stackFile.safeParse(parseJson(readFileSync(file, 'utf8'))).data;
}

/** A stopped stack keeps its file, without processes. */
export function isRunning({ processes }: Stack): boolean {
  return processes.length > 0;
}

/** The admin of a stack on this host may connect in the clear, from loopback. */
export function embeddedDeployment({ postgresUrl, opsToken, bus }: Stack): Deployment {
  return {
    databaseUrl: postgresUrl,
    databaseTls: false,
    peppers: [{ kid: 'k1', secret: keyPepper(opsToken) }],
    bus: { url: bus.url, seed: bus.users['usage-metering'].seed, tls: bus.ca ? busTlsUnder(bus.ca) : null },
    secrets: 'the files stack.json and .orgn-stack of the stack’s folder',
  };
}

/** As tools/stack/secrets.mjs makes every secret of an embedded stack, which rest nowhere. */
export function keyPepper(opsToken: string): Buffer {
  return Buffer.from(hkdfSync('sha256', opsToken, '', 'orgn:key-pepper', 32));
}

/** The parser's own error would quote the file, which holds secrets. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
