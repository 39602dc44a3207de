import { aider } from './clients/aider.mjs';
import { aiSdk } from './clients/ai-sdk.mjs';
import { anthropicNode } from './clients/anthropic-node.mjs';
import { claude } from './clients/claude-code.mjs';
import { cline } from './clients/cline.mjs';
import { codex } from './clients/codex.mjs';
import { continueCli } from './clients/continue.mjs';
import { copilot } from './clients/copilot.mjs';
import { goSdks } from './clients/go.mjs';
import { javaSdks } from './clients/java.mjs';
import { nodeLibraries } from './clients/node-libraries.mjs';
import { openaiNode } from './clients/openai-node.mjs';
import { openCode } from './clients/opencode.mjs';
import { pi } from './clients/pi.mjs';
import { promptfoo } from './clients/promptfoo.mjs';
import { pythonLibraries } from './clients/python-libraries.mjs';
import { qwenCode } from './clients/qwen-code.mjs';

/** Every client that is run, in the order of docs/clients.md. */
export const clients = [
  ...claude,
  ...codex,
  openCode,
  copilot,
  qwenCode,
  cline,
  continueCli,
  pi,
  promptfoo,
  ...openaiNode,
  ...anthropicNode,
  ...aiSdk,
  ...nodeLibraries,
  ...pythonLibraries,
  aider,
  ...goSdks,
  ...javaSdks,
];
