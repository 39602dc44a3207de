import type { z } from 'zod';
import { chatRequest } from '../chat/chat-request.ts';
import { completionRequest } from '../completions/completion-request.ts';
import { embeddingRequest } from '../embeddings/embedding-request.ts';
import { messageRequest, tokenCountRequest } from '../messages/message-request.ts';
import { rerankRequest } from '../rerank/rerank-request.ts';
import { responseRequest } from '../responses/response-request.ts';
import { innerExceptions, listedMembers, type ListedMember } from './listed-members.ts';
import { table } from '../markdown/table.ts';

/** The requests whose members are listed, by the path of their endpoint. */
export const listedRequests: Readonly<Record<string, z.ZodObject>> = {
  '/v1/chat/completions': chatRequest,
  '/v1/completions': completionRequest,
  '/v1/embeddings': embeddingRequest,
  '/v1/rerank': rerankRequest,
  '/v1/responses': responseRequest,
  '/v1/messages': messageRequest,
  '/v1/messages/count_tokens': tokenCountRequest,
};

const INTRODUCTION = `Each member of a request is in one of four lists: **used**; **dropped**, because its absence changes no meaning;
**refused**, with the reason; or **unknown**, which is every member that no table below has. What is dropped is named in
\`x-ollm-dropped\`. Unknown members are dropped too, unless the deployment (\`UNKNOWN_FIELDS=refuse\`) or the request
(\`x-ollm-strict: true\`) wants a 400; a name that may be meant for a member that decides money, model, execution or
retention (another case, \`_\` or \`-\` more or less, one letter off) is always a 400. An unknown type of part, item, role or
tool choice is content, and a 400. Null says what absence says. \`cache_control\` is dropped wherever it stands, unless the
model's catalogue entry says \`promptCaching: true\`.
`;

/** The tables of docs/endpoints.md, generated from the schemas that requests are read by. */
export function membersPage(): string {
  const sections = Object.entries(listedRequests).map(([path, schema]) => {
    const members = [...listedMembers(schema), ...innerExceptions(schema)];
    return `### \`${path}\`\n\n${table([['member', 'list', 'why'], ...members.map(toRow)])}`;
  });
  return [INTRODUCTION, ...sections].join('\n');
}

function toRow({ path, fate, reason }: ListedMember): string[] {
  return [`\`${path}\``, fate, reason ?? ''];
}
