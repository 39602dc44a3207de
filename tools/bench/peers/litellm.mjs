import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** LiteLLM's proxy without its database: it checks one master key and keeps no spend, which is less than ours does. */
export async function litellm({ options, start, port, upstreamUrl }) {
  const venv = join(options.peers, 'peer-litellm', 'venv');
  const program = join(venv, 'bin', 'litellm');
  if (!existsSync(program)) return undefined;
  const dir = mkdtempSync(join(tmpdir(), 'orgn-bench-litellm-'));
  const file = join(dir, 'config.yaml');
  writeFileSync(file, configuration(upstreamUrl));
  const flags = ['--host', '127.0.0.1', '--port', port, '--num_workers', '1', '--telemetry', 'False'];
  const env = {
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    LITELLM_MODE: 'PRODUCTION',
    LITELLM_LOG: 'ERROR',
    NO_DOCS: 'True',
    DISABLE_ADMIN_UI: 'True',
  };
  return {
    version: versionIn(venv),
    headers: { authorization: 'Bearer sk-bench' },
    processes: start([program, '--config', file, ...flags], { env, isQuiet: true }),
    scratch: dir,
  };
}

function versionIn(venv) {
  const [python] = readdirSync(join(venv, 'lib'));
  const names = readdirSync(join(venv, 'lib', python, 'site-packages'));
  return names.map((name) => /^litellm-(.*)\.dist-info$/.exec(name)?.[1]).find(Boolean) ?? 'unknown';
}

/** In JSON, which is YAML. */
function configuration(upstreamUrl) {
  const provider = { model: 'openai/canned', api_base: `${upstreamUrl}/v1`, api_key: 'sk-any' };
  return JSON.stringify({
    model_list: [{ model_name: 'canned', litellm_params: provider }],
    litellm_settings: { drop_params: true, telemetry: false, num_retries: 0, request_timeout: 60 },
    general_settings: { master_key: 'sk-bench' },
  });
}
