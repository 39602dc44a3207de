import { ServiceError } from '@orgn/contracts';
import { headerValue } from './header-value.ts';

/** RFC 2046: 1 to 70 characters of a few kinds, no blank at the end. */
const BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/;

/**
 * The boundary that a form's content-type names, quoted or not, before or after other parameters.
 * @throws ServiceError `invalid_request` naming the header
 */
export function boundaryOf(contentType: string): string {
  const type = headerValue(contentType);
  if (type?.value !== 'multipart/form-data')
    throw invalid('Send the body as a form: its content-type must be multipart/form-data with a boundary.');
  const boundary = type.parameters.get('boundary') ?? '';
  if (!BOUNDARY.test(boundary))
    throw invalid('The content-type multipart/form-data must name a boundary of 1 to 70 characters.');
  return boundary;
}

/**
 * The content-type of a form with its boundary and nothing else.
 * @throws ServiceError as `boundaryOf` does
 */
export function formType(contentType: string): string {
  return `multipart/form-data; boundary="${boundaryOf(contentType)}"`;
}

function invalid(message: string): ServiceError {
  return new ServiceError('invalid_request', message, { param: 'content-type' });
}
