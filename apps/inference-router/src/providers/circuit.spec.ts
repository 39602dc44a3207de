import { beforeEach, describe, expect, test } from '@jest/globals';
import { Circuit } from './circuit.ts';

let now = 0;
let circuit: Circuit;
beforeEach(() => {
  now = 0;
  circuit = new Circuit({ failures: 3, windowMs: 1_000, openMs: 100, maxOpenMs: 300 }, () => now);
});

const fail = (times: number) => {
  for (let time = 0; time < times; time += 1) circuit.enter()?.fail();
};

describe('a circuit', () => {
  test('opens at so many failures, and lets nothing through then', () => {
    fail(2);
    expect(circuit.state).toBe('closed');
    fail(1);
    expect(circuit.state).toBe('open');
    expect(circuit.enter()).toBeUndefined();
  });

  test('stays closed while more succeeds than fails', () => {
    for (let time = 0; time < 10; time += 1) circuit.enter()?.succeed();
    fail(9);
    expect(circuit.state).toBe('closed');
    fail(1);
    expect(circuit.state).toBe('open');
  });

  test('forgets failures of a window that is over', () => {
    fail(2);
    now = 1_001;
    fail(2);
    expect(circuit.state).toBe('closed');
  });

  test('lets one probe through after a while, and closes when it succeeds', () => {
    fail(3);
    now = 100;
    expect(circuit.state).toBe('half_open');
    const probe = circuit.enter();
    expect(probe).toBeDefined();
    expect(circuit.enter()).toBeUndefined();
    probe?.succeed();
    expect(circuit.state).toBe('closed');
    fail(2);
    expect(circuit.state).toBe('closed');
  });

  test('stays open longer after each failed probe, up to a bound', () => {
    fail(3);
    const waits = [100, 200, 300, 300].map((wait) => {
      now += wait - 1;
      const wasOpen = circuit.state === 'open';
      now += 1;
      circuit.enter()?.fail();
      return wasOpen && circuit.state === 'open';
    });
    expect(waits).toEqual([true, true, true, true]);
  });

  test('probes again when the prober left before there was a verdict', () => {
    fail(3);
    now = 100;
    circuit.enter()?.release();
    expect(circuit.enter()).toBeDefined();
  });

  test('probes again when a probe takes too long to tell', () => {
    fail(3);
    now = 100;
    circuit.enter();
    now = 199;
    expect(circuit.enter()).toBeUndefined();
    now = 200;
    expect(circuit.enter()).toBeDefined();
  });

  test('hears only the first verdict on a request', () => {
    const pass = circuit.enter();
    pass?.succeed();
    for (let time = 0; time < 5; time += 1) pass?.fail();
    expect(circuit.state).toBe('closed');
  });
});
