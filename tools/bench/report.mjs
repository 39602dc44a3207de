import { table } from './table.mjs';

/** Answers a second, CPU an answer and latency of each target, beside the floor, Portkey and the upstream itself. */
export function rateTable(rows) {
  const like = (target, { mode, connections }) =>
    rows.find((row) => row.target === target && row.mode === mode && row.connections === connections);
  const cells = rows.map((row) => {
    const [floor, portkey, direct] = ['floor', 'portkey', 'direct'].map((name) => like(name, row));
    return [
      row.target,
      row.mode,
      row.connections,
      row.rate.toFixed(0),
      ratio(row, floor, 'rate'),
      ratio(row, portkey, 'rate'),
      row.cpu.toFixed(0),
      ratio(row, floor, 'cpu'),
      added(row, direct, 'p50'),
      added(row, direct, 'p99'),
      row.memory.toFixed(0),
      `${(row.spread * 100).toFixed(0)} %`,
      row.bad,
    ];
  });
  const head = ['target', 'answers', 'connections', 'a second', 'x floor', 'x Portkey', 'CPU us each', 'x floor'];
  return table([...head, 'added p50 ms', 'added p99 ms', 'RSS MB', 'spread', 'bad'], cells);
}

/** Streams at a model's pace: when the first chunk comes. */
export function pacedTable(rows) {
  const cells = rows.map((row) => {
    const direct = rows.find(({ target, connections }) => target === 'direct' && connections === row.connections);
    return [
      row.target,
      row.connections,
      ms(row.first50),
      ms(row.first99),
      added(row, direct, 'first50'),
      added(row, direct, 'first99'),
      (row.cpu / 1e3).toFixed(2),
      row.bad,
    ];
  });
  const head = ['target', 'open streams', 'first chunk p50 ms', 'p99 ms', 'added p50 ms', 'added p99 ms'];
  return table([...head, 'CPU ms each', 'bad'], cells);
}

/** What our processes hold: each service once it is ready, then all while they are loaded. */
export function residentTable({ idle, loaded, keepers }) {
  const rows = [
    ...Object.entries(idle),
    ['five services at 128 connections', loaded],
    ['supervisor and reaper', keepers],
  ];
  return table(
    ['process', 'resident MB'],
    rows.map(([name, mb]) => [name, mb.toFixed(0)]),
  );
}

/** What each process holds early and late in a long run. */
export function memoryTable(rows) {
  const cells = rows.map(({ name, early, late }) => [name, early.toFixed(0), late.toFixed(0)]);
  return table(['process', 'second fifth, MB', 'last fifth, MB'], cells);
}

/** What of it is alive, after a collection of garbage that was asked for. */
export function heapTable(rows) {
  const cells = rows.map(({ name, early, late }) => [name, early.toFixed(1), late.toFixed(1)]);
  return table(['live heap', 'second fifth, MB', 'last fifth, MB'], cells);
}

/** CPU of an answer before and after something has grown. */
export function growthTable(rows) {
  const cells = rows.map(({ what, from, to }) => [what, from.toFixed(0), to.toFixed(0), (to / from).toFixed(2)]);
  return table(['what grows', 'CPU us before', 'after', 'times'], cells);
}

function ratio(row, other, member) {
  return other ? (row[member] / other[member]).toFixed(2) : '';
}

function added(row, direct, member) {
  return direct && row !== direct ? ms(row[member] - direct[member]) : '';
}

function ms(us) {
  return (us / 1e3).toFixed(1);
}
