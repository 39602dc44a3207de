import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** Paths that a model answers. */
const inference = /\/v1\/(chat\/completions|completions|responses|messages|embeddings)(\?|$)/;
const decoders = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync, zstd: zstdDecompressSync };

/** @returns {boolean} whether the exchange ran a model */
export function isAnswered({ method, path, status }) {
  return method === 'POST' && inference.test(path) && status === 200;
}

/** @returns {boolean} whether the gateway refused it */
export function isRefused({ status }) {
  return status >= 400;
}

/** The text of a body, whatever it was packed in. */
export function bodyText(body, encoding = 'identity') {
  const decode = decoders[encoding] ?? ((bytes) => bytes);
  return decode(body).toString('utf8');
}

/** The gateway's own words: it repeats nothing of what it was sent. */
export function refusalText({ method, path, status, answer }) {
  const message = /"message": ?"((?:[^"\\]|\\.)*)"/.exec(answer)?.[1] ?? answer.slice(0, 200);
  return `${method} ${path.split('?')[0]}: ${status} ${message}`;
}
