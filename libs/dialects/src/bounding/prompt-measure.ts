/** How large a prompt is, whatever model reads it: what its bound is made of. Plain numbers, and nothing that was said. */
export interface PromptMeasure {
  /** Prompts that are read apart from each other, each in a window of its own. */
  sequences: number;
  /** Bytes of text, and tokens that were sent as such. */
  bytes: number;
  messages: number;
  tools: number;
  images: number;
  /** Documents, of which nobody here counts the pages. */
  files: number;
  /** Begun seconds of sound, by the leanest codec in use. */
  audioSeconds: number;
}

/** How large a request is: its prompt, and what multiplies or limits its answers. */
export interface RequestMeasure {
  prompt: PromptMeasure;
  /** How often the output limit applies: once for each answer that is made. */
  choices: number;
  /** Tokens that the caller allows of one answer; absent: as many as the router sets. */
  outputLimit?: number | undefined;
  /** What rerankers may count at most. */
  searchUnits?: number | undefined;
}

export const emptyMeasure = (sequences = 1): PromptMeasure => ({
  sequences,
  bytes: 0,
  messages: 0,
  tools: 0,
  images: 0,
  files: 0,
  audioSeconds: 0,
});

/** 2.4 kbit/s: no codec in use speaks with less. */
const LEANEST_BYTES_PER_SECOND = 300;

/** Begun seconds that so many bytes of sound cannot be longer than: by their number, since headers are the caller's own word. */
export function longestSeconds(bytes: number): number {
  return Math.ceil(bytes / LEANEST_BYTES_PER_SECOND);
}
