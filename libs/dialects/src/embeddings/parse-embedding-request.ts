import { requestForm } from '../reading/request-form.ts';
import { embeddingRequest } from './embedding-request.ts';

/** How embeddings requests are read. */
export const embeddingForm = requestForm(embeddingRequest);

/** @throws ServiceError `invalid_request` or `unknown_parameter` naming the field */
export const parseEmbeddingRequest = embeddingForm.parse;
