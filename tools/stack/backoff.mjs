const firstMs = 250;
const lastMs = 10_000;

/** How long to wait before the next try, ms, after `failures` (1 or more) in a row: 250 ms, doubled up to 10 s. */
export function backoffMs(failures) {
  return Math.min(firstMs * 2 ** Math.min(failures - 1, 10), lastMs);
}
