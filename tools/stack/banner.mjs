/**
 * The last words of a start: where everything is, and a first request that works.
 * @param {object} stack `stack.json`
 * @param {{ stackFile: string, logs: string }} paths
 * @param {{ detach: boolean, isDefaultDir: boolean, dir: string }} options
 */
export function banner(stack, paths, options) {
  const stop = options.detach
    ? `npm stop${options.isDefaultDir ? '' : ` -- --dir ${shellWord(options.dir)}`}`
    : 'Ctrl-C';
  return `
Ready.

  API        ${stack.api}/v1
  Console    ${stack.console}
  Demo key   ${stack.demo.key}
  Details    ${paths.stackFile}
  Logs       ${paths.logs}

Try it:

${curlLine(stack)}

Stop it with ${stop}.
`;
}

/** A request that needs nothing but curl. */
export function curlLine({ api, demo }) {
  const body = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };
  return `curl -s ${api}/v1/chat/completions -H "Authorization: Bearer ${demo.key}" -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
}

function shellWord(text) {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
