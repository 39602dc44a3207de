/** Verifies a collection and prints a line for each case; the exit code is 1 when anything is not as it should be. */
import { aciCases, anchorCases, answerCases, tokenCases, unattestedCases } from './other-cases.mjs';
import { readSamples } from './samples.mjs';
import { judge, listedCases, quoteCases, reportCases } from './session-cases.mjs';

const [directory] = process.argv.slice(2);
const samples = readSamples(directory);
const sources = samples.find(({ name }) => name === 'SOURCES.md')?.text ?? '';
const collection = { samples, sources };

const startedAt = performance.now();
const cases = [...reportCases(collection), ...quoteCases(collection), ...listedCases(collection)];
const sessions = [];
for (const one of cases) sessions.push(await judge(one));
const others = [
  ...(await answerCases(collection, sessions)),
  ...(await tokenCases(collection)),
  ...(await aciCases(collection)),
  ...anchorCases(collection),
  ...unattestedCases(collection),
];

const words = { accept: 'good', refuse: 'bad', policy: 'by policy' };
const described = sessions.map(({ name, folder, ok, at, expected, session }) => {
  const { status, failed, unknown } = session.verdict;
  const why = [...failed, ...unknown.map((id) => `${id}?`)].join(', ');
  const when = new Date(at).toISOString();
  return { name, folder, ok, detail: `${words[expected.outcome]}: ${status}${why ? ` (${why})` : ''} at ${when}` };
});
const all = [...described, ...others].toSorted((one, other) => (one.name < other.name ? -1 : 1));
for (const { name, ok, detail } of all) console.log(`${ok ? 'ok  ' : 'FAIL'}  ${name}  ${detail}`);

const folders = new Set(samples.filter(({ folder }) => folder !== '.').map(({ folder }) => folder));
const unread = [...folders].filter((folder) => !all.some((one) => one.folder === folder));
for (const folder of unread) console.log(`FAIL  ${folder}  nothing in it was understood`);

const failures = all.filter(({ ok }) => !ok).length + unread.length;
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
console.log(
  `\nrecorded: ${all.length - failures + unread.length} passed, ${failures} failed, ${folders.size} folders, ${seconds} s`,
);
process.exitCode = failures > 0 || all.length === 0 ? 1 : 0;
