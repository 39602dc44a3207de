export interface RefusalDetail {
  /** The faulty field of the request. */
  readonly param?: string;
  /** Overrides the type that the provider gives to this status. */
  readonly type?: string;
  readonly retryAfterSeconds?: number;
}

/** A request that is answered with an error status; each provider dresses it in its own envelope. */
export class Refusal extends Error {
  readonly status: number;
  readonly detail: RefusalDetail;

  constructor(status: number, message: string, detail: RefusalDetail = {}) {
    super(message);
    this.status = status;
    this.detail = detail;
  }
}

/** A 400 about one field of the request. */
export function badRequest(param: string, message: string): Refusal {
  return new Refusal(400, message, { param });
}
