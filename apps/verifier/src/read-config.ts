/** The only setting: a key of the team whose receipts are fetched. It is never a command's argument, which others can see. */
export function readApiKey(): string | undefined {
  return process.env.ORGN_API_KEY;
}
