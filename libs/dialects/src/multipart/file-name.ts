const MAX_LENGTH = 128;

/**
 * A file's name out of `filename` and `filename*` (RFC 5987). It is told on for its ending, which says what kind of file
 * it is: what is not plain ASCII becomes `_`, and of a long name the end is kept.
 * @returns undefined when the part is no file
 */
export function fileName(parameters: ReadonlyMap<string, string>): string | undefined {
  const name = extended(parameters.get('filename*')) ?? parameters.get('filename');
  return name?.slice(-MAX_LENGTH).replace(/[^A-Za-z0-9._() -]/g, '_');
}

/** `UTF-8''na%C3%AFve.wav`: its bytes, one character each. */
function extended(value: string | undefined): string | undefined {
  const encoded = /^(?:utf-8|iso-8859-1)'[\w-]*'((?:[^%]|%[0-9a-f]{2})*)$/i.exec(value ?? '')?.[1];
  return encoded?.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
