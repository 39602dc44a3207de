import type { Stack } from '../stack.ts';
import { Visitor } from '../visitor.ts';

const models = ['near_qwen3_30b', 'phala_deepseek_r1', 'vercel_claude_sonnet_4_6'];

/** SCREENSHOTS_KEYS: so many more keys, to see how pages bear that. */
const MANY = Number(process.env.SCREENSHOTS_KEYS ?? 0);

/** What pages are shown with: some keys, one of them being replaced, calls, a colleague who was invited. */
export interface Furnished {
  teamId: string;
  keyId: string;
  rotatedId: string;
  requestId: string;
}

interface Made {
  id: string;
  key: string;
}

/** Fills a stack with what a team has after a while. */
export async function furnish(stack: Stack): Promise<Furnished> {
  const { teamId } = stack.file.demo;
  const owner = new Visitor(stack.file.console);
  await owner.signIn('owner@orgn.test');
  const make = async (name: string, limits: object = {}) =>
    (await owner.api<Made>('POST', `/api/teams/${teamId}/keys`, { name, ...limits })).body;
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const backend = await make('production-backend', { executionPolicy: 'tee_only' });
  const pipeline = await make('ci-pipeline', { expiresAt: inDays(5), ipAllowList: ['203.0.113.0/24'] });
  const long = await make('abrechnungs-und-rechnungsprüfungsdienst', { models });
  const former = await make('staging');
  for (let at = 1; at <= MANY; at += 1) await make(`dienst-für-sicherheitsüberprüfungsprotokolle-${at}`);
  const requestId = await call(stack, [backend, long, former]);
  const { body: next } = await owner.api<Made>('POST', `/api/teams/${teamId}/keys/${former.id}/rotate`, {
    graceSeconds: 86_400,
  });
  await owner.api('POST', `/api/teams/${teamId}/keys/${pipeline.id}/disable`);
  await owner.api('POST', `/api/teams/${teamId}/invitations`, { email: 'grace@orgn.test', role: 'admin' });
  return { teamId, keyId: backend.id, rotatedId: next.id, requestId };
}

/** Calls with each key, some of which are refused. @returns the id of the last */
async function call(stack: Stack, keys: readonly Made[]): Promise<string> {
  let requestId = '';
  for (const [at, { key }] of keys.entries()) {
    for (let turn = 0; turn < 6 + at * 4; turn += 1) {
      const model = models[(turn + at) % models.length];
      const response = await stack.chat({ model, messages: [{ role: 'user', content: 'Hello' }] }, { key });
      await response.arrayBuffer();
      requestId = response.headers.get('x-request-id') ?? requestId;
    }
  }
  return requestId;
}
