import { malformedCall } from './malformed-call.ts';

/** Tools that OpenAI's clients run themselves and that models of OpenAI know by heart: others are told how to call them. */
export type OwnTool = 'local_shell' | 'shell' | 'apply_patch';

type Arguments = Record<string, unknown>;
interface Described {
  description: string;
  parameters: Record<string, unknown>;
}

const text = { type: 'string' };
const milliseconds = { type: 'integer', description: 'Milliseconds after which it is stopped.' };
const objectOf = (properties: object, required: readonly string[]) => ({ type: 'object', properties, required });

export const ownTools: Readonly<Record<OwnTool, Described>> = {
  local_shell: {
    description: "Runs a command on the user's machine and returns its output.",
    parameters: objectOf(
      {
        command: { type: 'array', items: text, description: 'Program and arguments, such as ["ls", "-l"].' },
        working_directory: text,
        timeout_ms: milliseconds,
        env: { type: 'object', additionalProperties: text },
      },
      ['command'],
    ),
  },
  shell: {
    description: "Runs shell commands on the user's machine and returns their output.",
    parameters: objectOf(
      {
        commands: { type: 'array', items: text, description: 'Shell commands.' },
        timeout_ms: milliseconds,
        max_output_length: { type: 'integer', description: 'Characters of output to return at most.' },
      },
      ['commands'],
    ),
  },
  apply_patch: {
    description:
      "Creates, updates or deletes one file. A diff is in the V4A form: lines of context begin with a space, added ones with +, removed ones with -, and @@ begins a section; a new file's diff has added lines only.",
    parameters: objectOf(
      { type: { type: 'string', enum: ['create_file', 'update_file', 'delete_file'] }, path: text, diff: text },
      ['type', 'path'],
    ),
  },
};

/** @throws ServiceError `provider_unavailable` when the arguments are none of this tool */
export function toLocalShellAction(given: Arguments) {
  const { command, timeout_ms, working_directory, user } = given;
  return {
    type: 'exec' as const,
    command: typeof command === 'string' ? ['bash', '-lc', command] : textsOf(command),
    env: isObject(given.env) ? given.env : {},
    ...(typeof timeout_ms === 'number' && { timeout_ms }),
    ...(typeof working_directory === 'string' && { working_directory }),
    ...(typeof user === 'string' && { user }),
  };
}

/** @throws ServiceError as `toLocalShellAction` */
export function toShellAction({ commands, timeout_ms, max_output_length }: Arguments) {
  return {
    commands: typeof commands === 'string' ? [commands] : textsOf(commands),
    timeout_ms: typeof timeout_ms === 'number' ? timeout_ms : null,
    max_output_length: typeof max_output_length === 'number' ? max_output_length : null,
  };
}

/** @throws ServiceError as `toLocalShellAction` */
export function toPatchOperation(given: Arguments) {
  const { type, path, diff } = isObject(given.operation) ? given.operation : given;
  if (typeof path !== 'string') throw malformedCall();
  if (type === 'delete_file') return { type, path } as const;
  if ((type !== 'create_file' && type !== 'update_file') || typeof diff !== 'string') throw malformedCall();
  return { type, path, diff } as const;
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string')) return value;
  throw malformedCall();
}

const isObject = (value: unknown): value is Arguments => typeof value === 'object' && value !== null;
