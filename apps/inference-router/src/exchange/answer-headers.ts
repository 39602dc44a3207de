import { DROPPED_HEADER, DroppedNames } from '@orgn/dialects';
import { attestationHeaders } from '../attestation/attestation-headers.ts';
import type { AnswerHeaders } from './answer-sink.ts';
import type { Exchange } from './exchange.ts';

type Answered = Pick<Exchange, 'target' | 'request' | 'order' | 'attestation' | 'witness'>;

/** What an answer says of what executed, and of its proof. */
export function answerHeaders(exchange: Answered, contentType: string): AnswerHeaders {
  const { model } = exchange.target;
  return {
    'content-type': contentType,
    'x-ollm-model': model.id,
    'x-ollm-execution': model.execution,
    'x-ollm-provider': model.provider,
    ...attestationHeaders(exchange.attestation),
    ...(exchange.witness && { 'x-ollm-receipt': `/v1/receipts/${exchange.order.requestId}` }),
    ...(exchange.request.answer.translation && { 'x-ollm-translated': 'true' }),
    ...changes(exchange),
  };
}

/** What the target could not take of the request, and the output limit that its model does not have. */
function changes(exchange: Answered): AnswerHeaders {
  const { maxOutput } = exchange.target.model;
  const untaken = untakenBy(exchange);
  const limit = exchange.request.outputLimit?.tokens ?? 0;
  return {
    ...(untaken !== undefined && { [DROPPED_HEADER]: untaken }),
    ...(maxOutput > 0 && limit > maxOutput && { 'x-ollm-max-tokens': String(maxOutput) }),
  };
}

function untakenBy({ target: { model, kind }, request }: Answered): string | undefined {
  const dropped = new DroppedNames();
  for (const path of request.untaken(kind.engine)) dropped.addHeader(path);
  for (const paths of request.unopened?.(model) ?? []) dropped.addHeader(paths);
  return dropped.toHeader();
}
