import { setTimeout as sleep } from 'node:timers/promises';
import { faultOf, requestBody } from './exchange.mjs';

const tries = 150;

/** Waits until a target answers what the upstream says, whole and as a stream. @throws when it does not */
export async function proven(target) {
  for (const mode of ['json', 'sse']) {
    let fault = 'no answer';
    for (let turn = 0; turn < tries && fault !== undefined; turn += 1) {
      fault = await faultAt(target, mode);
      if (fault !== undefined) await sleep(100);
    }
    if (fault !== undefined) throw new Error(`${target.name} does not pass on a ${mode} answer: ${fault}`);
  }
  return target;
}

async function faultAt({ url, headers, model, hasOwnWords }, mode) {
  try {
    const body = requestBody(model, mode);
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
    const text = await response.text();
    if (!response.ok) return `HTTP ${response.status}`;
    return hasOwnWords ? undefined : faultOf(text, mode);
  } catch (error) {
    return error.message;
  }
}
