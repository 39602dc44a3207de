import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../processes.mjs';

const gateway = 'peer-portkey/node_modules/@portkey-ai/gateway';

/** Portkey on the Node of this run, installed by the harness unless it is there. It checks no key and keeps no books. */
export async function portkey({ options, say, start, port, upstreamUrl }) {
  const script = await find(options, say);
  if (!script) return undefined;
  const { version } = JSON.parse(readFileSync(join(options.peers, gateway, 'package.json'), 'utf8'));
  return {
    version,
    headers: {
      authorization: 'Bearer sk-any',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${upstreamUrl}/v1`,
    },
    processes: start([process.execPath, script, `--port=${port}`, '--headless'], {
      env: { TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' },
    }),
  };
}

/** @returns its start script, or undefined without a harness */
async function find({ harness, peers }, say) {
  const script = join(peers, gateway, 'build/start-server.js');
  if (existsSync(script)) return script;
  const setup = join(harness, 'setup-peers.sh');
  if (!existsSync(setup)) return undefined;
  say(`installing peers into ${peers}`);
  await run(['bash', setup], { env: { PEERS: peers } });
  return existsSync(script) ? script : undefined;
}
