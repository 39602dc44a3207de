import type { ChatRequestInput } from '../chat/chat-body.ts';
import { customDescription, customParameters } from '../tools/custom-input.ts';
import { ownTools, type OwnTool } from '../tools/own-tools.ts';
import { ToolNames } from '../tools/tool-names.ts';
import type { CustomTool, FunctionTool, ResponseTool } from './response-tool.ts';

type ChatTool = NonNullable<ChatRequestInput['tools']>[number];

/** A tool as the caller calls it. */
export interface CallerTool {
  form: 'function' | 'custom' | OwnTool;
  name: string;
  namespace?: string | undefined;
}

/** A tool that the caller offers, and the function that the model is offered in its place. */
interface Offer extends CallerTool {
  function: {
    name: string;
    description?: string | null | undefined;
    parameters?: Record<string, unknown> | null | undefined;
    strict?: boolean | null | undefined;
  };
}

/** The tools of a request as functions, which is all that most engines know, and the way back to the caller's names. */
export class OfferedTools {
  readonly #names: ToolNames;
  readonly #offers: Offer[];
  readonly #byFunction: Map<string, Offer>;

  constructor(tools: readonly ResponseTool[] | null | undefined) {
    const offered = tools ?? [];
    this.#names = new ToolNames(offered.filter((tool) => tool.type === 'function').map(({ name }) => name));
    this.#offers = offered.flatMap((tool) => this.#offersOf(tool));
    this.#byFunction = new Map(this.#offers.map((offer) => [offer.function.name, offer]));
  }

  get isEmpty(): boolean {
    return this.#offers.length === 0;
  }

  /** @param isAllowed which of them the model may call */
  toChatTools(isAllowed: (tool: CallerTool) => boolean): ChatTool[] {
    return this.#offers.filter(isAllowed).map((offer) => ({ type: 'function', function: offer.function }));
  }

  /** The caller's tool of a function; a name that nobody offered is a function's of that name. */
  calledAs(functionName: string): CallerTool {
    return this.#byFunction.get(functionName) ?? { form: 'function', name: functionName };
  }

  /** The function that stands for a caller's tool, also for one of the history that is not offered any more. */
  functionOf({ form, name, namespace }: CallerTool): string {
    if (form === 'function' && !namespace) return name;
    const wish = namespace ? `${namespace}__${name}` : name;
    return this.#names.nameFor(JSON.stringify([form, namespace ?? '', name]), wish);
  }

  has(tool: CallerTool): boolean {
    const isSame = (offer: Offer) => offer.form === tool.form && offer.name === tool.name;
    return this.#offers.some((offer) => isSame(offer) && (offer.namespace ?? '') === (tool.namespace ?? ''));
  }

  #offersOf(tool: ResponseTool): Offer[] {
    switch (tool.type) {
      case 'function':
      case 'custom':
        return [this.#offerOf(tool)];
      case 'namespace':
        return tool.tools.map((each) => this.#offerOf(each, tool));
      case 'local_shell':
      case 'shell':
      case 'apply_patch': {
        const own = { form: tool.type, name: tool.type };
        return [{ ...own, function: { name: this.functionOf(own), ...ownTools[tool.type] } }];
      }
      default:
        return [];
    }
  }

  #offerOf(tool: FunctionTool | CustomTool, space?: { name: string; description?: string | null | undefined }): Offer {
    const own = { form: tool.type, name: tool.name, ...(space && { namespace: space.name }) };
    const name = this.functionOf(own);
    if (tool.type === 'custom')
      return { ...own, function: { name, description: customDescription(tool), parameters: customParameters } };
    const description = space ? [space.description, tool.description].filter(Boolean).join('\n\n') : tool.description;
    return { ...own, function: { name, description, parameters: tool.parameters, strict: tool.strict } };
  }
}
