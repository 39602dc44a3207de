/** Only what an operator asks for can be refused. */
const REFUSABLE = "what = 'refund' AND free < amount";

/**
 * The function that books money, as it was, but for refunds with a reference: those the payment service has made already, so they
 * take what they can get, and the rest is owed.
 * @throws when the function is not the one that this was written for
 */
export function factsOfRefunds(before: string): string {
  const after = before.replace(REFUSABLE, `what = 'refund' AND entry_reference IS NULL AND free < amount`);
  if (after === before) throw new Error('the function that books money is another one');
  return after.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION');
}
