import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { ServiceError } from '@orgn/contracts';

/** Largest window of a zstd frame, as a power of two: 8 MiB, which RFC 9659 sets for content codings. */
const ZSTD_WINDOW = 23;

/** What follows the end of the encoded bytes is no part of them, and nothing that may be passed over. */
const whole = { rejectGarbageAfterEnd: true };

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(whole),
  br: () => createBrotliDecompress(whole),
  zstd: () => createZstdDecompress({ ...whole, params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW } }),
};

/** @throws ServiceError `invalid_request` for several encodings and for one that is not known */
export function requireDecodable(encoding: string | undefined): void {
  const name = nameOf(encoding);
  if (name === undefined || Object.hasOwn(decoders, name)) return;
  const message = name.includes(',')
    ? 'A body may have one content-encoding only.'
    : 'The content-encoding must be "gzip", "zstd", "br", "deflate" or "identity".';
  throw new ServiceError('invalid_request', message, { param: 'content-encoding' });
}

/**
 * What undoes a body's `content-encoding` as it arrives; undefined for a body that has none.
 * @throws ServiceError as `requireDecodable` does
 */
export function decoderFor(encoding: string | undefined): Transform | undefined {
  requireDecodable(encoding);
  return decoders[nameOf(encoding) ?? '']?.();
}

/** @returns undefined for a body that is not encoded */
function nameOf(encoding: string | undefined): string | undefined {
  const name = encoding?.trim().toLowerCase() ?? '';
  return name === '' || name === 'identity' ? undefined : name;
}
