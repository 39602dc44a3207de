import type { ChatRequestInput } from '../chat/chat-body.ts';
import type { CallerTool, OfferedTools } from './offered-tools.ts';
import type { ResponseToolChoice } from './response-tool.ts';
import { missingTool, noToolFor } from '../tools/missing-tool.ts';

type ChatToolChoice = ChatRequestInput['tool_choice'];
type Choice = ResponseToolChoice | null | undefined;

const forms = ['function', 'custom', 'local_shell', 'shell', 'apply_patch'] as const;

/** @throws ServiceError `invalid_request` when the choice demands a tool that is not among those that were offered */
export function requireChoosable(choice: Choice, offered: OfferedTools): void {
  if (choice === 'required' && offered.isEmpty) throw noToolFor('required');
  if (typeof choice !== 'object' || choice === null) return;
  const chosen = chosenBy(choice).filter((tool) => offered.has(tool));
  if (chosen.length === 0) throw missingTool();
}

/** The tools that the model may call, as functions: engines know no list of allowed ones, so the others are not sent. */
export function toChatTools(choice: Choice, offered: OfferedTools): ChatRequestInput['tools'] {
  const allowed = typeof choice === 'object' && choice?.type === 'allowed_tools' ? chosenBy(choice) : undefined;
  const functions = allowed?.map((tool) => offered.functionOf(tool));
  const tools = offered.toChatTools((tool) => functions?.includes(offered.functionOf(tool)) ?? true);
  return tools.length > 0 ? tools : undefined;
}

/** The same choice among functions; nothing where there is nothing to choose from. */
export function toChatToolChoice(choice: Choice, offered: OfferedTools): ChatToolChoice {
  if (choice == null || offered.isEmpty) return undefined;
  if (typeof choice !== 'object') return choice;
  if (choice.type === 'allowed_tools') return choice.mode;
  const [tool] = chosenBy(choice);
  return tool && { type: 'function', function: { name: offered.functionOf(tool) } };
}

function chosenBy(choice: Exclude<ResponseToolChoice, string>): CallerTool[] {
  const given = choice.type === 'allowed_tools' ? choice.tools : [choice];
  return given.flatMap((tool) => toolOf(tool) ?? []);
}

function toolOf(given: Readonly<Record<string, unknown>>): CallerTool | undefined {
  const form = forms.find((each) => each === given.type);
  if (!form) return undefined;
  const name = typeof given.name === 'string' ? given.name : form;
  return { form, name, ...(typeof given.namespace === 'string' && { namespace: given.namespace }) };
}
