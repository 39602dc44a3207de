/** What we hold ourselves to; docs/performance.md says why. */
const limits = { json: 2.5, sse: 1.5, growth: 1.1 };
/** Milliseconds that the first chunk of so many streams may come later than from the upstream itself: p50, p99. */
const pacedLimits = { 128: [2, 8], 256: [5, 20] };
/** CPU of an answer beside the checkout that ours is measured against, with nothing encrypted inside, and as it comes. */
const costLimits = { plain: 1.05, ours: 1.1 };

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
      ratio(row, floor),
      ratio(row, portkey),
      row.cpu.toFixed(0),
      added(row, direct, 'p50'),
      added(row, direct, 'p99'),
      row.memory.toFixed(0),
      `${(row.spread * 100).toFixed(0)} %`,
      row.bad,
    ];
  });
  const head = ['target', 'answers', 'connections', 'a second', 'x floor', 'x Portkey', 'CPU us each'];
  return table([...head, 'added p50 ms', 'added p99 ms', 'RSS MB', 'spread', 'bad'], cells);
}

/** Streams at a model's pace: when the first chunk comes. */
export function pacedTable(rows) {
  const cells = rows.map((row) => {
    const direct = pacedRow(rows, 'direct', row.connections);
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

/** What each process holds early and late in a long run. */
export function memoryTable(rows) {
  const cells = rows.map(({ name, early, late }) => [name, early.toFixed(0), late.toFixed(0)]);
  return table(['process', 'second fifth, MB', 'last fifth, MB'], cells);
}

/** Which bars were met, of those that this run says anything about. */
export function barsOf({ rates = [], paced = [], memory }) {
  return [...rateBars(rates), ...costBars(rates), ...pacedBars(paced), ...(memory ? [memoryBar(memory)] : [])];
}

function rateBars(rows) {
  return ['json', 'sse'].flatMap((mode) => {
    const [ours, portkey] = ['ours', 'portkey'].map((name) =>
      rows.find((row) => row.target === name && row.mode === mode && row.connections === 32),
    );
    if (!ours || !portkey) return [];
    const factor = ours.rate / portkey.rate;
    const bar = `${mode} at 32 connections at least ${limits[mode]} x Portkey`;
    return [{ bar, found: `${factor.toFixed(2)} x`, isMet: factor >= limits[mode] && ours.bad === 0 }];
  });
}

function costBars(rows) {
  const at32 = rows.filter(({ mode, connections }) => mode === 'json' && connections === 32);
  const before = at32.find(({ target }) => target === 'before');
  const ours = before ? at32.filter(({ target }) => target in costLimits) : [];
  return ours.map(({ target, cpu, bad }) => {
    const factor = cpu / before.cpu;
    const bar = `CPU an answer at 32 connections, ${target}, at most ${costLimits[target]} x before`;
    const found = `${cpu.toFixed(0)} to ${before.cpu.toFixed(0)} us, ${factor.toFixed(2)} x`;
    return { bar, found, isMet: factor <= costLimits[target] && bad === 0 };
  });
}

function pacedBars(rows) {
  return Object.entries(pacedLimits).flatMap(([streams, limits]) => {
    const [ours, direct] = ['ours', 'direct'].map((name) => pacedRow(rows, name, Number(streams)));
    if (!ours || !direct) return [];
    return ['p50', 'p99'].map((name, at) => {
      const late = (ours[`first${name.slice(1)}`] - direct[`first${name.slice(1)}`]) / 1e3;
      const bar = `first chunk of ${streams} paced streams, ${name} at most +${limits[at]} ms over direct`;
      return { bar, found: `+${late.toFixed(1)} ms`, isMet: late <= limits[at] && ours.bad === 0 };
    });
  });
}

function pacedRow(rows, target, streams) {
  return rows.find((row) => row.target === target && row.connections === streams);
}

function memoryBar(rows) {
  const [early, late] = ['early', 'late'].map((when) => rows.reduce((sum, row) => sum + row[when], 0));
  const found = `${early.toFixed(0)} to ${late.toFixed(0)} MB`;
  return { bar: 'memory flat under load (at most a tenth more)', found, isMet: late <= early * limits.growth };
}

function ratio(row, other) {
  return other ? (row.rate / other.rate).toFixed(2) : '';
}

function added(row, direct, member) {
  return direct && row !== direct ? ms(row[member] - direct[member]) : '';
}

function ms(us) {
  return (us / 1e3).toFixed(1);
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
