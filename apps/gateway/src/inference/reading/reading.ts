import { createHash } from 'node:crypto';
import { toReceivedHeader, type TokenizerFamily } from '@orgn/contracts';
import { requestDigest } from '../../idempotency/request-digest.ts';
import type { AskedRequest } from '../inference-endpoint.ts';
import { cutsOf } from './cuts-of.ts';
import { readers } from './readers.ts';

/** How a request is to be read: plain data, which a thread of its own can be told. */
export interface ReadingTask {
  /** Of the endpoint. */
  path: string;
  contentType: string;
  /** Unknown members are a 400 instead of being dropped. */
  isStrict: boolean;
  /** It has an idempotency key, so that it must be known again. */
  isNamed: boolean;
}

/** What reading goes by of the models: plain data too. */
export interface ModelTraits {
  /** Ids of those whose operator's cache of prompts is within what is promised. */
  caching: ReadonlySet<string>;
  /** Ids and what their tokens are of. */
  tokenizers: ReadonlyMap<string, TokenizerFamily>;
}

/** What was found in a request, and its bytes as they go on. */
export interface Reading extends Omit<AskedRequest, 'dropped'> {
  /** What of it is not used, as `x-ollm-dropped` says it. */
  dropped: string | undefined;
  /** SHA-256 of the request as it came; of named ones only. */
  digest: string | undefined;
  /** Says the router of the caller's bytes, where not all of them are passed on. */
  received: string | undefined;
}

/** Reads a request. Pure, so that it does not matter in which thread. @throws ServiceError naming the field at fault */
export function readRequest(body: Buffer, task: ReadingTask, { caching, tokenizers }: ModelTraits): Reading {
  const { path, contentType, isStrict, isNamed } = task;
  const reader = readers.get(path);
  if (!reader) throw new RangeError('no endpoint has this path');
  const asked = reader.read(body, contentType, {
    isStrict,
    cachesPrompts: (models) => models.every((id) => caching.has(id)),
    tokenizerOf: (id) => tokenizers.get(id),
  });
  const digest = isNamed ? requestDigest({ path, contentType, body }) : undefined;
  return { ...asked, dropped: asked.dropped.toHeader(), digest, received: receivedOf(body, asked.body) };
}

function receivedOf(body: Buffer, passed: Buffer): string | undefined {
  if (body.length === passed.length && body.equals(passed)) return undefined;
  const sha256 = createHash('sha256').update(body).digest('hex');
  return toReceivedHeader({ sha256, cuts: cutsOf(body, passed) });
}
