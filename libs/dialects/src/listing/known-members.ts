import { transcriptionFields } from '../transcriptions/transcription-request.ts';
import { listedRequests } from './members-page.ts';

const names = new Set(
  [...Object.values(listedRequests), transcriptionFields].flatMap(({ shape }) => Object.keys(shape)),
);

/**
 * Where in a request a fault lies, as far as we gave the name ourselves: the member of the request, and which element of it.
 * Names that a caller made up are content. `messages[3].content` becomes `messages[3]`; null: the name is none of ours.
 */
export function knownMember(path: string): string | null {
  const [, name = '', index = ''] = /^([a-z_]{1,64})(?:\[(\d{1,6})\]|\.(\d{1,6}))?/.exec(path) ?? [];
  if (!names.has(name)) return null;
  return index === '' ? name : `${name}[${index}]`;
}
