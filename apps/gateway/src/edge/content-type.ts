import { ServiceError } from '@orgn/contracts';
import { formType } from '@orgn/dialects';
import type { Endpoint } from '../paths/endpoints.ts';

/** The essence of a type that is JSON: `application/json`, `text/json`, `application/vnd.api+json`, whatever follows it. */
const JSON_TYPE = /^\s*[\w.+-]{1,64}\/(?:[\w.+-]{0,64}[+.-])?json(?![\w.+-])/i;

/**
 * What a body is read as, whatever the words in which it was declared. Proxies join headers and programs write `json`,
 * `undefined` or nothing at all: what names no other type is JSON.
 * @returns a content-type that is well-formed, with a form's boundary and nothing else
 * @throws ServiceError `invalid_request` when it was declared as something else, or as a form without a boundary
 */
export function readAs(media: Endpoint['media'], declared: string): string {
  if (media === 'multipart') return formType(declared);
  if (!declared.includes('/') || JSON_TYPE.test(declared)) return 'application/json';
  const message = 'Send the body as JSON, with the header "content-type: application/json".';
  throw new ServiceError('invalid_request', message, { param: 'content-type' });
}
