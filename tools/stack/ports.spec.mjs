import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planPorts, PortTaken } from './ports.mjs';
import { portSlots } from './services.mjs';

const slots = ['a', 'b', 'c'].map((slot, offset) => ({ slot, purpose: `part ${slot}`, offset }));
const cleanUp = [];
let memory;

beforeEach(() => {
  const dir = mkdtempSync(join(tmpdir(), 'orgn-ports-'));
  cleanUp.push(() => rmSync(dir, { recursive: true }));
  memory = join(dir, 'ports.json');
});

afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function plan(options = {}) {
  const { ports, release } = await planPorts(slots, { memory, ...options });
  cleanUp.push(release);
  return { ports, release };
}

async function occupy(port, host = '127.0.0.1') {
  const server = createServer().listen({ port, host });
  await once(server, 'listening');
  cleanUp.push(() => new Promise((resolve) => server.close(resolve)));
  return server.address().port;
}

describe('portSlots', () => {
  const count = fc.integer({ min: 1, max: 10 });

  test('gives every process of every size its own port below base + 100, replicas in a row', () => {
    fc.assert(
      fc.property(fc.record({ gateways: count, routers: count, registries: count, meterings: count }), (options) => {
        const table = portSlots(options);
        const offsets = table.map(({ offset }) => offset);
        expect(new Set(offsets).size).toBe(offsets.length);
        expect(new Set(table.map(({ slot }) => slot)).size).toBe(table.length);
        expect(Math.min(...offsets)).toBe(0);
        expect(Math.max(...offsets)).toBeLessThan(100);
        const gateways = table.filter(({ slot }) => /^gateway-\d+\.http$/.test(slot));
        expect(gateways.map(({ offset }) => offset)).toEqual(Array.from({ length: options.gateways }, (_, n) => n));
      }),
    );
  });

  test('keeps the port of a process whatever the number of the others', () => {
    const find = (options, name) => portSlots(options).find(({ slot }) => slot === name).offset;
    const one = { gateways: 1, routers: 1, registries: 1, meterings: 1 };
    for (const { slot } of portSlots(one)) {
      expect(find({ gateways: 10, routers: 10, registries: 10, meterings: 10 }, slot)).toBe(find(one, slot));
    }
  });
});

describe('planPorts', () => {
  test('takes base + offset', async () => {
    const { ports, release } = await plan();
    await release();
    const base = ports.get('a');
    expect([...(await plan({ base })).ports.values()]).toEqual([base, base + 1, base + 2]);
  });

  test('names a taken port and what it was for', async () => {
    const taken = await occupy(0);
    const attempt = planPorts(slots, { base: taken - 2, memory });
    await expect(attempt).rejects.toThrow(PortTaken);
    await expect(attempt).rejects.toThrow(`Port ${taken} (for part c) is taken.`);
  });

  test('counts a port as taken when only localhost’s other address has it', async () => {
    const taken = await occupy(0, '::1');
    await expect(planPorts(slots, { base: taken, memory })).rejects.toThrow(`Port ${taken}`);
  });

  test('leaves no guard behind when it fails', async () => {
    const taken = await occupy(0);
    await expect(planPorts(slots, { base: taken - 1, memory })).rejects.toThrow(PortTaken);
    await occupy(taken - 1, '127.0.0.2');
  });

  test('replaces what is taken, and never gives a port to two', async () => {
    const [first, second] = [await plan(), await plan({ memory: `${memory}.other` })];
    const all = [...first.ports.values(), ...second.ports.values()];
    expect(new Set(all).size).toBe(6);
    expect(second.ports.get('a') % 100).toBe(first.ports.get('a') % 100);
  });

  test('remembers, and goes elsewhere only for what was taken meanwhile', async () => {
    const { ports, release } = await plan();
    await release();
    await occupy(ports.get('b'));
    const { ports: again } = await plan();
    expect([again.get('a'), again.get('c')]).toEqual([ports.get('a'), ports.get('c')]);
    expect(again.get('b')).not.toBe(ports.get('b'));
  });
});
