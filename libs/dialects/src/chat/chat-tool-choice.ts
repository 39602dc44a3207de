import type { ChatRequest } from './chat-request.ts';
import { missingTool, noToolFor } from '../tools/missing-tool.ts';

type Tool = NonNullable<ChatRequest['tools']>[number];

/** @throws ServiceError `invalid_request` when the choice demands a tool that is not among those that can be had */
export function requireChoosable({ tools, tool_choice: choice }: Pick<ChatRequest, 'tools' | 'tool_choice'>): void {
  const names = new Set((tools ?? []).map(nameOf));
  if (choice === 'required' && names.size === 0) throw noToolFor('required');
  if (typeof choice !== 'object' || choice === null) return;
  if (!namesOf(choice).some((name) => names.has(name))) throw missingTool();
}

function namesOf(choice: Exclude<NonNullable<ChatRequest['tool_choice']>, string>): unknown[] {
  switch (choice.type) {
    case 'function':
      return [choice.function.name];
    case 'custom':
      return [choice.custom.name];
    case 'allowed_tools':
      return choice.allowed_tools.tools.map((tool) => nameOf(tool as unknown as Tool));
  }
}

function nameOf(tool: Tool): unknown {
  if (tool.type === 'function') return (tool.function as { name?: unknown } | undefined)?.name;
  return tool.type === 'custom' ? (tool.custom as { name?: unknown } | undefined)?.name : undefined;
}
