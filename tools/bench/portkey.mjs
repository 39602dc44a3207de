import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './processes.mjs';

/** Installs Portkey by the harness, unless it is there. @returns its start script, or undefined without a harness */
export async function findPortkey({ harness, peers }, say) {
  const script = join(peers, 'peer-portkey/node_modules/@portkey-ai/gateway/build/start-server.js');
  if (existsSync(script)) return script;
  const setup = join(harness, 'setup-peers.sh');
  if (!existsSync(setup)) return undefined;
  say(`installing peers into ${peers}`);
  await run(['bash', setup], { env: { PEERS: peers } });
  return existsSync(script) ? script : undefined;
}

/** How a caller makes Portkey send a request to the upstream. */
export function portkeyHeaders(upstreamUrl) {
  return {
    authorization: 'Bearer sk-any',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${upstreamUrl}/v1`,
  };
}
