import { anthropicNode } from './clients/anthropic-node.mjs';
import { claudeCode } from './clients/claude-code.mjs';
import { codex } from './clients/codex.mjs';
import { openaiNode } from './clients/openai-node.mjs';

/** Every client that is run, in the order of docs/clients.md. */
export const clients = [claudeCode, ...codex, ...openaiNode, ...anthropicNode];
