import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

/** Runs `work` on behalf of a request: its id appears in log lines and travels with every question asked meanwhile. */
export function withRequestId<T>(requestId: string, work: () => T): T {
  return storage.run(requestId, work);
}

/** The id of the request being worked on, if any. */
export function currentRequestId(): string | undefined {
  return storage.getStore();
}
