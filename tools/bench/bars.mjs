/**
 * What we hold ourselves to; docs/performance.md says why. Ratios are between targets of one run, and a target that is not there
 * misses nothing.
 */
export const limits = {
  /** CPU of an answer at most so many times the floor's, answers a second at least so many times Portkey's. */
  rates: [
    { mode: 'json', connections: 32, floor: 6, portkey: 2.5 },
    { mode: 'json', connections: 128, floor: 4.5, portkey: 3 },
    { mode: 'sse', connections: 32, floor: 2.2, portkey: 1.2 },
  ],
  /** Answers a second at 32 connections, at least so many times theirs. */
  peers: { litellm: { json: 40, sse: 45 }, 'one-api': { json: 12, sse: 5 } },
  /** Milliseconds that the first chunk of so many streams may come later than from the upstream itself: p50, p99. */
  paced: { 128: [2, 8], 256: [5, 20] },
  /** Milliseconds that one connection's answers may take longer, where ours has two cores. */
  singleMs: 1.5,
  /** MB: each service once it is ready, the five while 128 connections load them, supervisor and reaper together. */
  memory: { idle: 130, loaded: 1_100, keepers: 80 },
  /** KB that a stream takes of a gateway that holds 10,000. */
  streamKb: 40,
  /** CPU of an answer, times what it was: with a million keys, with eight gateways, with 10,000 teams in turn. */
  growth: { keys: 1.1, gateways: 1.15, teams: 1.5 },
  /** Live heap at the end of a long run, times what it was after its beginning; and so many MB besides, for what is measured. */
  heap: { factor: 1.05, roomMb: 2 },
  /** CPU of an answer beside the checkout that ours is measured against, with nothing encrypted inside, and as it comes. */
  cost: { plain: 1.05, ours: 1.1 },
};

/** Which bars were met, of those that a run says anything about. @returns {{ bar: string, found: string, isMet: boolean }[]} */
export function barsOf(results) {
  return Object.entries(judges).flatMap(([name, judge]) => (results[name] ? judge(results[name]) : []));
}

const judges = {
  rates: (rows) => [...rateBars(rows), ...peerBars(rows), ...costBars(rows)],
  paced: pacedBars,
  single: singleBars,
  resident: residentBars,
  streams: ({ gatewayKb, streams }) => [
    atMost(`memory of one gateway a stream, of ${streams}`, gatewayKb, limits.streamKb, (kb) => `${kb.toFixed(1)} KB`),
  ],
  growth: growthBars,
  heap: heapBars,
};

function rateBars(rows) {
  return limits.rates.flatMap(({ mode, connections, ...bars }) => {
    const of = (target) => rowOf(rows, target, { mode, connections });
    const [ours, floor, portkey] = ['ours', 'floor', 'portkey'].map(of);
    if (!ours) return [];
    const what = `${mode} at ${connections} connections`;
    return [
      ...(floor ? [asGood(ours, atMost(`${what}: CPU x floor`, ours.cpu / floor.cpu, bars.floor, times))] : []),
      ...(portkey
        ? [asGood(ours, atLeast(`${what}: answers/s x Portkey`, ours.rate / portkey.rate, bars.portkey, times))]
        : []),
    ];
  });
}

function peerBars(rows) {
  return Object.entries(limits.peers).flatMap(([peer, least]) =>
    Object.entries(least).flatMap(([mode, limit]) => {
      const [ours, other] = ['ours', peer].map((target) => rowOf(rows, target, { mode, connections: 32 }));
      if (!ours || !other) return [];
      const bar = `${mode} at 32 connections: answers/s x ${peer}`;
      return [asGood(ours, atLeast(bar, ours.rate / other.rate, limit, times))];
    }),
  );
}

function costBars(rows) {
  const at32 = { mode: 'json', connections: 32 };
  const before = rowOf(rows, 'before', at32);
  return Object.entries(limits.cost).flatMap(([target, limit]) => {
    const row = rowOf(rows, target, at32);
    if (!before || !row) return [];
    const bar = `json at 32 connections: CPU of ${target} x before`;
    return [asGood(row, atMost(bar, row.cpu / before.cpu, limit, times))];
  });
}

function pacedBars(rows) {
  return Object.entries(limits.paced).flatMap(([streams, most]) => {
    const [ours, direct] = ['ours', 'direct'].map((target) =>
      rowOf(rows, target, { mode: 'paced', connections: Number(streams) }),
    );
    if (!ours || !direct) return [];
    return ['first50', 'first99'].map((name, at) => {
      const bar = `first chunk of ${streams} paced streams over direct, ${name === 'first50' ? 'p50' : 'p99'}`;
      return asGood(ours, atMost(bar, (ours[name] - direct[name]) / 1e3, most[at], addedMs));
    });
  });
}

function singleBars({ ours, direct }) {
  const bar = 'added p50 at one connection, two cores for the stack';
  return [asGood(ours, atMost(bar, (ours.p50 - direct.p50) / 1e3, limits.singleMs, addedMs))];
}

function residentBars({ idle, loaded, keepers }) {
  const { memory } = limits;
  const largest = Object.entries(idle).reduce((most, one) => (one[1] > most[1] ? one : most));
  return [
    atMost(`resident memory of each service, idle: the largest is ${largest[0]}`, largest[1], memory.idle, megabytes),
    atMost('resident memory of the five services at 128 connections', loaded, memory.loaded, megabytes),
    atMost('resident memory of supervisor and reaper', keepers, memory.keepers, megabytes),
  ];
}

function growthBars(rows) {
  return rows.map(({ what, kind, from, to }) =>
    atMost(`CPU of an answer, ${what}`, to / from, limits.growth[kind], times),
  );
}

function heapBars(rows) {
  const { factor, roomMb } = limits.heap;
  return rows.map(({ name, early, late }) => ({
    bar: `live heap of ${name} flat (at most ${factor} x, or ${roomMb} MB more)`,
    found: `${early.toFixed(1)} to ${late.toFixed(1)} MB`,
    isMet: late <= Math.max(early * factor, early + roomMb),
  }));
}

const times = (value) => `${value.toFixed(2)} x`;
const addedMs = (value) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(1)} ms`;
const megabytes = (value) => `${value.toFixed(0)} MB`;

function atMost(bar, value, limit, say) {
  return { bar: `${bar} at most ${say(limit)}`, found: say(value), isMet: value <= limit };
}

function atLeast(bar, value, limit, say) {
  return { bar: `${bar} at least ${say(limit)}`, found: say(value), isMet: value >= limit };
}

/** Wrong answers, however fast, meet nothing. */
function asGood({ bad }, verdict) {
  if (bad === 0) return verdict;
  return { ...verdict, found: `${verdict.found}, ${bad} wrong answers`, isMet: false };
}

function rowOf(rows, target, { mode, connections }) {
  return rows.find((row) => row.target === target && row.mode === mode && row.connections === connections);
}
