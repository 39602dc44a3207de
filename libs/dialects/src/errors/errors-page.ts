import { errorCodes, errorTable } from '@orgn/contracts';
import { toAnthropicError } from './anthropic-error.ts';
import { table } from '../markdown/table.ts';
import { errorDocs } from './error-docs.ts';

const INTRODUCTION = `# Errors

Generated from \`libs/dialects/src/errors\` by \`UPDATE_DOCS=1\` on the specs of \`libs/dialects\`; do not edit.

Every error of the API has this body; \`param\` is the path of the field at fault, or null:

\`\`\`json
{
  "error": {
    "message": "max_tokens must be at least 1.",
    "type": "invalid_request_error",
    "param": "max_tokens",
    "code": "invalid_request",
    "request_id": "0190a1b2-0000-7000-8000-000000000000"
  }
}
\`\`\`

\`/v1/messages\` and \`/v1/messages/count_tokens\` answer in Anthropic's envelope, with the code in \`details\`; so do paths that both
protocols have, and those that neither has, to a caller that sends \`anthropic-version\`, or \`x-api-key\` and no bearer token:

\`\`\`json
{
  "type": "error",
  "error": {
    "type": "invalid_request_error",
    "message": "max_tokens must be at least 1.",
    "details": { "error_code": "invalid_request", "param": "max_tokens" }
  },
  "request_id": "0190a1b2-0000-7000-8000-000000000000"
}
\`\`\`

401 comes with \`www-authenticate: Bearer\`, 405 with \`allow\`, 426 with \`upgrade\`, 429 and 503 with \`retry-after\` in seconds. Messages may
change; codes do not. A stream that fails after its first byte ends with one error event and without \`[DONE]\`: for chat
an event whose data is the body above, for responses \`response.failed\` and \`error\`, for messages \`error\`.

`;

/** The text of docs/errors.md. */
export function errorsPage(): string {
  const rows = errorCodes.map((code) => {
    const { status, type } = errorTable[code];
    const anthropicType = toAnthropicError({ code, message: '' }, '').error.type;
    const { when, action } = errorDocs[code];
    return [`\`${code}\``, String(status), `\`${type}\``, `\`${anthropicType}\``, when, action];
  });
  return INTRODUCTION + table([['code', 'status', 'type', 'type for messages', 'when', 'what to do'], ...rows]);
}
