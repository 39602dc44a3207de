import { parseArgs } from 'node:util';

/** A command as it was given. */
export type Command =
  | {
      readonly name: 'verify';
      readonly file: string;
      readonly keys: string | undefined;
      readonly request: string | undefined;
      readonly response: string | undefined;
      readonly policy: string | undefined;
      readonly isOffline: boolean;
      readonly allowsDevelopmentRoot: boolean;
      readonly isJson: boolean;
    }
  | { readonly name: 'fetch'; readonly url: string; readonly requestId: string; readonly out: string | undefined }
  | { readonly name: 'help' };

export const usage = `Verifies receipts of ORGN Gateway.

  orgn-verifier verify FILE [--keys F] [--request F] [--response F] [--policy F]
                            [--offline] [--allow-development-root] [--json]
  orgn-verifier fetch URL REQUEST_ID [--out F]

verify  FILE is a receipt's bundle. Nothing is asked of any network, with or without --offline.
  --keys F       the deployment's keys, as GET /v1/receipts/keys serves them; without, signature and log are unknown
  --request F    the exact bytes that you sent
  --response F   the exact bytes that you got
  --policy F     what you demand of the enclave (JSON); by default everything but a list of approved software
  --allow-development-root   take evidence that was made for development, which proves nothing
  --json         for programs

fetch   reads a bundle from a gateway; the key is read from ORGN_API_KEY.

Exit: 0 good, 1 bad, 2 usage, 3 not known.
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

/** @throws Error for what is no command */
export function readCommand(argv: readonly string[]): Command {
  const [name, ...rest] = argv;
  if (name === 'help' || name === '--help' || name === '-h') return { name: 'help' };
  if (name === 'verify') return readVerify(rest);
  if (name === 'fetch') return readFetch(rest);
  throw new Error(name === undefined ? 'There is no command.' : 'This is no command.');
}

function readVerify(args: string[]): Command {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      keys: text,
      request: text,
      response: text,
      policy: text,
      offline: flag,
      'allow-development-root': flag,
      json: flag,
    },
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new Error('verify takes one file.');
  const { keys, request, response, policy } = values;
  const flags = {
    isOffline: values.offline,
    allowsDevelopmentRoot: values['allow-development-root'],
    isJson: values.json,
  };
  return { name: 'verify', file, keys, request, response, policy, ...flags };
}

function readFetch(args: string[]): Command {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { out: text } });
  const [url, requestId, ...others] = positionals;
  if (url === undefined || requestId === undefined || others.length > 0)
    throw new Error('fetch takes a URL and a request id.');
  return { name: 'fetch', url, requestId, out: values.out };
}
