const pieceLength = 4;

/** Cuts text into tokens of at most four characters, each with the blank before it; joined they are the text again. */
export function splitTokens(text: string): string[] {
  return text.match(/\s?[^\s]{1,4}|\s/gu) ?? [];
}

/**
 * The simulator's tokenizer rule for prompts: each run of L characters (UTF-16 units) between blanks counts
 * ceil(L / 4). So a text never counts more tokens than it has UTF-8 bytes.
 */
export function countTokens(text: string): number {
  let tokens = 0;
  let run = 0;
  for (let at = 0; at < text.length; at += 1) {
    // Everything up to U+0020 is a blank: enough of a rule for a simulator, and one comparison a character.
    if (text.charCodeAt(at) > 32) {
      run += 1;
      continue;
    }
    tokens += Math.ceil(run / pieceLength);
    run = 0;
  }
  return tokens + Math.ceil(run / pieceLength);
}
