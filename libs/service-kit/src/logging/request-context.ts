import { AsyncLocalStorage } from 'node:async_hooks';

/** Who runs the deployment, by the name that the bus has proven, and where their command says that it runs. */
export interface Operator {
  name: string;
  address: string | null;
}

/** On whose behalf something is done. */
interface RequestContext {
  requestId?: string | undefined;
  operator?: Operator | undefined;
  /** When nobody waits for the answer any more, in monotonic milliseconds. */
  until?: number | undefined;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` on behalf of a request: its id appears in log lines and travels with every question asked meanwhile. */
export function withRequestId<T>(requestId: string, work: () => T): T {
  return storage.run({ ...storage.getStore(), requestId }, work);
}

/** Runs `work` for somebody who waits until then, in monotonic milliseconds. */
export function withDeadline<T>(until: number, work: () => T): T {
  return storage.run({ ...storage.getStore(), until }, work);
}

/** How long the answer to what is being worked on is still waited for, in milliseconds; without a deadline Infinity. */
export function remainingMs(): number {
  return (storage.getStore()?.until ?? Infinity) - performance.now();
}

/** The id of the request being worked on, if any. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}

/** Runs `work` for an operator. */
export function withOperator<T>(operator: Operator, work: () => T): T {
  return storage.run({ ...storage.getStore(), operator }, work);
}

/** The operator who asked for what is being worked on; undefined when a service asked. */
export function currentOperator(): Operator | undefined {
  return storage.getStore()?.operator;
}
