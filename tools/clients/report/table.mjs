import { isAnswered, isRefused } from '../recorder/exchange.mjs';

export const head = ['Client', 'Version', 'Answer', 'Tool loop', 'Stream', 'Exchanges', 'Recovered', 'Left out'];
const caseNames = ['answer', 'tools', 'stream'];
const mostNames = 6;

/**
 * A line of the table.
 * @param {{ client: object, version: string | undefined, trials: object[], problem?: string }} of
 */
export function rowOf({ client, version, trials, problem }) {
  const results = trials.flatMap((trial) => trial.results);
  const exchanges = results.flatMap((result) => result.exchanges);
  const verdicts = caseNames.map((name) => verdictOf(results, name, client));
  return {
    client: client.title,
    version: version ?? `not installed: ${(problem ?? 'unknown').split('\n')[0].slice(0, 80)}`,
    verdicts,
    exchanges: exchanges.filter(isAnswered).length,
    recovered: exchanges.filter(isRefused).length,
    leftOut: leftOut(exchanges),
    isGreen: version !== undefined && results.length > 0 && results.every(({ faults }) => faults.length === 0),
  };
}

function verdictOf(results, name, client) {
  const of = results.filter((result) => result.name === name);
  if (of.length === 0) return client.without?.includes(name) ? '-' : 'not run';
  return of.every(({ faults }) => faults.length === 0) ? 'yes' : 'NO';
}

/** What `x-ollm-dropped` named, positions taken out. */
function leftOut(exchanges) {
  const named = exchanges.flatMap(({ answerHeaders }) => (answerHeaders['x-ollm-dropped'] ?? '').split(/, ?/));
  const names = [...new Set(named.filter(Boolean).map((path) => path.replace(/\[\d+\]/g, '[]')))].sort();
  const rest = names.length - mostNames;
  return names.slice(0, mostNames).join(', ') + (rest > 0 ? `, ${rest} more` : '');
}

/** @returns {string[]} the cells of a row */
export function cellsOf({ client, version, verdicts, exchanges, recovered, leftOut: names }) {
  return [client, version, ...verdicts, String(exchanges), String(recovered), names].map((cell) =>
    cell.replaceAll('|', '/'),
  );
}

/** Markdown. */
export function tableOf(rows) {
  return markdown(rows.map(cellsOf));
}

export function markdown(lines) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n');
}
