import { setTimeout as pause } from 'node:timers/promises';
import { startTrickleIn } from './trickle-process.mjs';

/** How each part's process is killed from inside its container; the engine starts the container again. */
const killNode = `node -e "
  const { readdirSync, readFileSync } = require('node:fs');
  const argumentsOf = (pid) => readFileSync('/proc/' + pid + '/cmdline', 'utf8').split('\\0');
  const isService = (pid) => argumentsOf(pid)[0] === 'node' && argumentsOf(pid).includes('deploy/entrypoint.mjs');
  process.kill(Number(readdirSync('/proc').find((name) => /^[0-9]+$/.test(name) && isService(name))), 'SIGKILL')"`;
const crashes = {
  gateway: killNode,
  'inference-router': killNode,
  'key-registry': killNode,
  'usage-metering': killNode,
  auth: killNode,
  postgres: 'sh -c \'kill -9 "$(head -n 1 "$PGDATA/postmaster.pid")"\'',
  nats: 'sh -c \'kill -9 "$(pidof nats-server)"\'',
};

/** Time after an event in which its consequences show. */
const aftermathMs = 12_000;

/** Those of which there may be several. */
const replicated = new Set(['gateway', 'inference-router', 'key-registry', 'usage-metering']);

/** What happens to a part: where there are two of it, to one of them, and then to both at once. */
function eventsOf(service, hasTwo) {
  const one = hasTwo ? 'one ' : '';
  const each = [
    [`kill -9 ${one}${service}`, `docker compose exec -T ${service} ${crashes[service]} || true`],
    [`restart ${one}${service}`, `docker restart "$(docker compose ps --quiet ${service} | head -n 1)"`],
  ];
  return hasTwo ? [...each, [`restart both of ${service}`, `docker compose restart ${service}`]] : each;
}

/**
 * What callers notice of a crash and of a restart of each part, one after the other.
 * @param {{ shell: import('./shell.mjs').Shell, inside: string[], key: string, say: Function, hasTwo: boolean }} stage
 * @returns {Promise<{ event: string, report: object }[]>}
 */
export async function disturb(stage) {
  const rows = [];
  for (const service of Object.keys(crashes)) {
    for (const [event, command] of eventsOf(service, stage.hasTwo && replicated.has(service))) {
      rows.push({ event, report: await during(stage, command) });
      stage.say(`${event}: ${sentence(rows.at(-1).report)}`);
      await stage.shell.run('docker compose up -d --no-build --no-recreate --wait', 120);
    }
  }
  return rows;
}

/** What callers notice while a command runs and shortly after. */
export async function during({ shell, inside, key }, command) {
  const trickle = startTrickleIn(inside, { key, streams: 4 });
  await pause(3_000);
  const ran = await shell.run(command, 600);
  await pause(aftermathMs);
  return { ...(await trickle.stop()), command: ran };
}

/** A report in words. */
export function sentence({ sent, streams, failed, failures, gapMs, slowestMs }) {
  const what = Object.entries(failures).map(([outcome, count]) => `${count} x ${outcome}`);
  return `${failed} of ${sent} failed (${streams} streams)${failed ? `: ${what.join(', ')}; gap ${gapMs} ms` : ''}; slowest ${slowestMs} ms`;
}
