import type { Attachment } from './conversation.ts';

/** Of all attachments of a question together; the gateway takes 32 MiB, and base64 makes a third more of it. */
const MAX_BYTES = 20 * 1024 * 1024;

const images = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
const audio = ['audio/mpeg', 'audio/wav', 'audio/x-wav'];
const files = ['application/pdf', 'text/plain', 'text/markdown', 'text/csv', 'application/json'];

/** Types of files that a model with these input modalities reads. */
export function readableTypes(modalities: readonly string[]): string[] {
  const kinds: [string, string[]][] = [
    ['image', images],
    ['audio', audio],
    ['file', files],
  ];
  return kinds.flatMap(([modality, types]) => (modalities.includes(modality) ? types : []));
}

/** @throws Error with words for the person when one cannot go along */
export async function attach(
  chosen: readonly File[],
  readable: readonly string[],
  present: readonly Attachment[],
): Promise<Attachment[]> {
  const bytes = [...present.map((one) => one.bytes), ...chosen.map(({ size }) => size)].reduce((a, b) => a + b, 0);
  if (bytes > MAX_BYTES) throw new Error('Attachments may have 20 MiB together.');
  const unread = chosen.find(({ type }) => !readable.includes(type));
  if (unread) throw new Error(`This model does not read ${unread.name}.`);
  return Promise.all(chosen.map(toAttachment));
}

async function toAttachment(file: File): Promise<Attachment> {
  const dataUrl = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(new Error(`${file.name} cannot be read.`));
    reader.readAsDataURL(file);
  });
  return { kind: kindOf(file.type), name: file.name, bytes: file.size, dataUrl };
}

function kindOf(type: string): Attachment['kind'] {
  if (images.includes(type)) return 'image';
  return audio.includes(type) ? 'audio' : 'file';
}
