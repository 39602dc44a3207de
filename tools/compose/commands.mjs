/** Options of docker compose's commands that are followed by a value of their own. */
const withValue = new Set([
  '-e',
  '--env',
  '--profile',
  '--scale',
  '--since',
  '--tail',
  '--user',
  '-f',
  '--file',
  '--timeout',
  '-t',
  '-s',
]);
/** Commands whose words behind the options are services; of the others only the first one is, or none. */
const takeServices = new Set(['up', 'build', 'restart', 'stop', 'start', 'kill', 'logs', 'ps', 'rm', 'create']);
const takeOne = new Set(['run', 'exec']);

/**
 * The simple commands of some lines of shell, each with what stands before and behind pipes and conditions on its own.
 * @param {string} text
 * @returns {string[]}
 */
export function commandsIn(text) {
  const whole = text.replaceAll(/\\\n\s*/g, ' ').replaceAll(/<<'END'\n[\s\S]*?\nEND$/gm, '');
  const lines = whole.split('\n').map((line) => line.replace(/(^|\s)#.*$/, ''));
  return lines
    .flatMap((line) => line.split(/&&|\|\||\||;(?![^']*'$)|\$\(/))
    .map((command) => command.replace(/^\s*(export\s+)?(\w+=\S*\s+)*/, '').trim())
    .filter((command) => command !== '' && !/^\w+=$/.test(command));
}

/**
 * What a call of docker compose names.
 * @param {string} command as of `commandsIn`
 * @returns {{ command: string, services: string[], profiles: string[], rest: string[] } | undefined} `rest`: what `run` and `exec` hand on
 */
export function composeCall(command) {
  const [docker, compose, ...words] = command.split(/\s+/).map((word) => word.replaceAll(/^['"]|['")]+$/g, ''));
  if (docker !== 'docker' || compose !== 'compose') return undefined;
  const profiles = words.flatMap((word, index) => (words[index - 1] === '--profile' ? [word] : []));
  const [name = '', ...rest] = withoutOptions(words);
  const operands = takeOne.has(name) ? rest.slice(0, 1) : takeServices.has(name) ? rest : [];
  return { command: name, services: operands, profiles, rest: takeOne.has(name) ? rest.slice(1) : [] };
}

function withoutOptions(words) {
  return words.filter(
    (word, index) => !word.startsWith('-') && !withValue.has(words[index - 1]) && !/^[<>]/.test(word),
  );
}
