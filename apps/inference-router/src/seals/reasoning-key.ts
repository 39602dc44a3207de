/** A secret that reasoning is sealed with. */
export interface ReasoningKey {
  kid: string;
  /** 32 bytes. */
  secret: Buffer;
}

/** `kid:base64url[,kid:base64url]`, 32 bytes each. */
export const REASONING_KEY_LIST = /^[a-z0-9_-]{1,32}:[A-Za-z0-9_-]{43}(,[a-z0-9_-]{1,32}:[A-Za-z0-9_-]{43})*$/;

/** @param list that `REASONING_KEY_LIST` matches */
export function toReasoningKeys(list: string): ReasoningKey[] {
  return list.split(',').map((entry) => {
    const [kid = '', secret = ''] = entry.split(':');
    return { kid, secret: Buffer.from(secret, 'base64url') };
  });
}
