import { bin, npm } from '../installs/npm.mjs';
import { agentExpected, agentRun, jsonLines, place, runAgent, sum, textsOf } from './agent.mjs';

export const pi = {
  name: 'pi',
  title: 'pi',
  setup: {
    language: 'json',
    lines: JSON.stringify(piConfig('http://127.0.0.1:8080', 'near_qwen3_30b'), null, 2).split('\n'),
  },
  notes: ['That is `~/.pi/agent/models.json`; then `ORGN_API_KEY=sk-ollm-… pi --model orgn/near_qwen3_30b`.'],
  install: npm('@earendil-works/pi-coding-agent'),
  run: agentRun(askPi, { call: (path) => `read ${JSON.stringify({ path })}` }),
  expected: agentExpected,
};

function piConfig(api, model) {
  const provider = {
    baseUrl: `${api}/v1`,
    api: 'openai-completions',
    apiKey: '$ORGN_API_KEY',
    models: [{ id: model }],
  };
  return { providers: { orgn: provider } };
}

async function askPi({ trial, api, prompt, previous }) {
  place(trial.home, '.pi/agent/models.json', JSON.stringify(piConfig(api, trial.model)));
  const env = { ORGN_API_KEY: trial.key, PI_OFFLINE: '1', PI_TELEMETRY: '0' };
  const flags = ['-p', '--mode', 'json', '--model', `orgn/${trial.model}`, ...(previous ? ['--continue'] : [])];
  const events = jsonLines(await runAgent(trial, [bin(trial.folder, 'pi'), ...flags, prompt], env));
  const said = events.filter(({ type, message }) => type === 'message_end' && message.role === 'assistant');
  const usages = said.map(({ message: { usage } }) => ({ input: usage.input + usage.cacheRead, output: usage.output }));
  const texts = said.flatMap(({ message }) => message.content.map((part) => part.text));
  return { text: textsOf(texts), usage: sum(...usages) };
}
