import { requestForm } from '../reading/request-form.ts';
import { rerankRequest } from './rerank-request.ts';

/** How rerank requests are read. */
export const rerankForm = requestForm(rerankRequest);

/** @throws ServiceError `invalid_request` or `unknown_parameter` naming the field */
export const parseRerankRequest = rerankForm.parse;
