/**
 * Asks an API host for an answer so many times a second, and for streams beside that, and says what came of it: what a
 * deployment's callers notice of an upgrade or of a crash.
 *
 * Usage: node tools/compose/trickle.mjs --key sk-ollm-… [--api http://127.0.0.1:8080] [--rate 20] [--streams 4] [--seconds 60]
 * Ends early on SIGINT or SIGTERM. Prints one JSON object; exits with 1 when something failed.
 */
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { summarize } from './trickle-report.mjs';

const models = { plain: 'near_qwen3_30b', stream: 'phala_llama_3_3_70b' };
const patienceMs = 60_000;

/**
 * A trickle that runs until it is stopped.
 * @param {{ api: string, key: string, rate: number, streams: number }} options `rate`: plain requests each second; `streams`: how
 * many are open at any time
 * @returns {{ stop: () => Promise<object> }} `stop` answers the report once everything that was begun has ended
 */
export function startTrickle({ api, key, rate, streams }) {
  const agent = new Agent({ keepAlive: true });
  const calls = [];
  let isRunning = true;
  const call = (stream) => {
    const ended = ask({ api, key, agent, stream });
    calls.push(ended);
    return ended;
  };
  const plain = setInterval(() => call(false), 1_000 / rate);
  const keepOpen = async () => {
    while (isRunning) if (!(await call(true)).ok) await pause(100);
  };
  const open = Array.from({ length: streams }, keepOpen);
  const stop = async () => {
    isRunning = false;
    clearInterval(plain);
    await Promise.all(open);
    const report = summarize(await Promise.all(calls));
    agent.destroy();
    return report;
  };
  return { stop };
}

/** Milliseconds since the epoch, never back. */
const now = () => performance.timeOrigin + performance.now();

/** One request to its end. A stream is whole when it says so itself. */
async function ask({ api, key, agent, stream }) {
  const startedAt = now();
  const said = await send({ api, key, agent, stream }).catch((error) => ({ status: error.code ?? error.message }));
  const isWhole = said.status === 200 && (!stream || said.text.trimEnd().endsWith('data: [DONE]'));
  const outcome = isWhole || said.status !== 200 ? worded(said) : 'broken off';
  return { ok: isWhole, stream, outcome, startedAt, endedAt: now(), id: said.id };
}

/** A status with the reason that came with it, which is ours and short. */
function worded({ status, text = '' }) {
  const reason = status === 200 ? undefined : /"message":"([^"]{0,60})/.exec(text)?.[1];
  return reason === undefined ? String(status) : `${status} ${reason}`;
}

function send({ api, key, agent, stream }) {
  const model = stream ? models.stream : models.plain;
  const body = JSON.stringify({ model, stream, max_tokens: 60, messages: [{ role: 'user', content: 'Hello' }] });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request(`${api}/v1/chat/completions`, { method: 'POST', agent, headers, timeout: patienceMs });
    sent.on('timeout', () => sent.destroy(new Error('silent')));
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      const { statusCode: status, headers: answered } = response;
      const id = answered['x-request-id'];
      response.on('end', () => resolve({ status, text, id }));
      response.on('error', (error) => resolve({ status: error.code ?? error.message, id }));
    });
    sent.end(body);
  });
}

async function main(argv) {
  const options = {
    key: { type: 'string' },
    api: { type: 'string', default: 'http://127.0.0.1:8080' },
    rate: { type: 'string', default: '20' },
    streams: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '60' },
  };
  const { values } = parseArgs({ args: argv, options });
  if (!values.key) throw new Error('--key is missing.');
  const trickle = startTrickle({ ...values, rate: Number(values.rate), streams: Number(values.streams) });
  await new Promise((resolve) => {
    setTimeout(resolve, Number(values.seconds) * 1_000);
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
  });
  const report = await trickle.stop();
  console.log(JSON.stringify(report));
  return report.failed === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(await main(process.argv.slice(2)));
