import { isAnswered, isRefused, refusalText } from '../recorder/exchange.mjs';
import { expected } from './prompts.mjs';

/**
 * Everything that is wrong with a case: what the client made of it, refusals that it did not recover from by itself at no cost,
 * and usage that differs between simulator, ledger and client.
 * @returns {Promise<string[]>}
 */
export async function faultsOf({ name, said, exchanges, client, stack }) {
  const wanted = { ...expected[name], ...client.expected?.[name] };
  const wrong = said.error === undefined ? saidWrong(said, wanted) : [said.error];
  const refused = exchanges.filter((exchange) => isRefused(exchange) && !client.recovers?.(exchange)).map(refusalText);
  const ids = exchanges.filter(isAnswered).map((exchange) => exchange.answerHeaders['x-request-id']);
  const rows = await stack.rowsOf(ids);
  const unmetered = ids.slice(rows.length).map(() => 'a request has no usage row');
  return counted([
    ...wrong,
    ...refused,
    ...sentWrong(name, exchanges, wanted),
    ...unmetered,
    ...unmetered,
    ...usageWrong(said, rows, wanted),
  ]);
}

function saidWrong({ text, calls, deltas = 0 }, wanted) {
  const checks = [
    [wanted.text?.test(text ?? ''), `it said ${JSON.stringify(text)}`],
    [wanted.calls && String(calls) === String(wanted.calls), `its tool was called with ${calls}`],
    [wanted.deltas && deltas >= wanted.deltas, `it saw ${deltas} pieces of a stream`],
  ];
  return checks.filter(([isRight]) => isRight === false).map(([, fault]) => fault);
}

function sentWrong(name, exchanges, { sent }) {
  const answered = exchanges.filter(isAnswered);
  if (answered.length === 0) return ['no request was answered'];
  const broken = exchanges.find((exchange) => !exchange.isWhole);
  if (broken) return [`${broken.path} was not read to its end`];
  if (name === 'stream' && !answered.some(({ body }) => /"stream"\s*:\s*true/.test(body)))
    return ['nothing was streamed'];
  if (sent && !answered.some(({ body }) => body.includes(sent)))
    return ['the model was not told what the tool answered'];
  return [];
}

function usageWrong(said, rows, { estimatesInput = false }) {
  const faults = rows.filter(({ outcome }) => outcome !== 'completed').map(({ outcome }) => `a row is ${outcome}`);
  faults.push(
    ...rows
      .filter(({ countedBy }) => countedBy !== 'provider')
      .map(({ countedBy }) => `a row is counted by ${countedBy}`),
  );
  const sum = (member) => rows.reduce((total, row) => total + row[member], 0);
  const ledger = { input: sum('promptTokens'), output: sum('completionTokens') };
  const counted = said.usage && estimatesInput ? { ...said.usage, input: ledger.input } : said.usage;
  if (counted && !isEqual(counted, ledger)) {
    faults.push(`it counts ${figures(said.usage)}, the ledger ${figures(ledger)}`);
  }
  const unknown = (said.shows ?? []).filter((shown) => !rows.some((row) => isEqual(shown, figuresOf(row))));
  return [...faults, ...unknown.map((shown) => `it shows ${figures(shown)}, which no row has`)];
}

function figuresOf({ promptTokens, completionTokens }) {
  return { input: promptTokens, output: completionTokens };
}

function isEqual(one, other) {
  return one.input === other.input && one.output === other.output;
}

function figures({ input, output }) {
  return `${input} + ${output} tokens`;
}

/** Each fault once, with how often it was met. */
function counted(faults) {
  const times = (fault) => faults.filter((other) => other === fault).length;
  return [...new Set(faults)].map((fault) => (times(fault) === 1 ? fault : `${fault} (${times(fault)} times)`));
}
