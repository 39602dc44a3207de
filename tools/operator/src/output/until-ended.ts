import type { Output } from './output.ts';

/** Until somebody interrupts the command, or nobody reads any more. */
export function untilEnded(output: Output): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    output.onClose(resolve);
  });
}
