/** A text of a prompt, and for how much of the prompt it stands: 2 when as much again was left out. */
export interface PromptPiece {
  text: string;
  weight: number;
}

/** What is looked at of a prompt to estimate its tokens: plain data, and small, however long the prompt is. */
export interface PromptSample {
  pieces: PromptPiece[];
  /** Tokens that are known without looking at a text: of images, sound, templates. */
  fixed: number;
}

/** Code units of a piece of a long text. */
const PIECE = 2_048;

/**
 * Samples texts evenly: all of them where they are short enough together, else as many pieces of them as are allowed.
 * @param texts of a prompt, each with the number of times that it is read
 * @param fixed tokens that are known already
 * @param maxLength code units that may be looked at
 */
export function sampleTexts(texts: readonly PromptPiece[], fixed: number, maxLength: number): PromptSample {
  const length = texts.reduce((sum, { text }) => sum + text.length, 0);
  if (length <= maxLength) return { pieces: [...texts], fixed };
  const taken = piecesOf(texts, maxLength / length);
  const takenLength = taken.reduce((sum, { text }) => sum + text.length, 0);
  const scale = length / takenLength;
  return { pieces: taken.map(({ text, weight }) => ({ text, weight: weight * scale })), fixed };
}

/** Every so many pieces one, counted over all texts, so that no text is too short to be taken. */
function piecesOf(texts: readonly PromptPiece[], share: number): PromptPiece[] {
  const taken: PromptPiece[] = [];
  let [seen, took] = [0, 0];
  for (const { text, weight } of texts) {
    for (let start = 0; start < text.length; start += PIECE) {
      const length = Math.min(PIECE, text.length - start);
      seen += length;
      if (took > seen * share) continue;
      took += length;
      taken.push({ text: text.slice(start, start + length), weight });
    }
  }
  return taken;
}
