import { randomBytes } from 'node:crypto';

/** A part as it is written: a field, or a file with its name and type. */
export interface FormPart {
  name: string;
  value: string | Buffer;
  file?: { name: string; type: string };
}

/** A form, and the content-type that it must be sent with. */
export interface Form {
  contentType: string;
  body: Buffer;
}

/** A form as it is written: in pieces, in order, so that a file in it is not copied. */
export interface WrittenForm {
  contentType: string;
  pieces: Buffer[];
}

/**
 * Writes a form in the one way that every parser reads alike: quoted names, no further headers, nothing around the parts,
 * and a boundary that nobody could have put into a value.
 * @param parts names and types are ours or checked: they have no quotes, line breaks or characters outside of ASCII
 */
export function writeForm(parts: readonly FormPart[]): WrittenForm {
  const boundary = `orgn-${randomBytes(24).toString('hex')}`;
  const pieces = parts.flatMap(({ name, value, file }) => {
    const filename = file ? `; filename="${file.name}"\r\nContent-Type: ${file.type}` : '';
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${filename}\r\n\r\n`;
    return [Buffer.from(head), typeof value === 'string' ? Buffer.from(value) : value, Buffer.from('\r\n')];
  });
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, pieces };
}
