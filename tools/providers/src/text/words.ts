import { pick } from './random.ts';
import type { Random } from './random.ts';

// A few words are longer than one byte per character, so that readers who split UTF-8 wrongly are found out.
const vocabulary = [
  'the a one this that each some every other another first last small large quiet bright early late simple careful',
  'answer question reason model river garden window morning evening letter table paper signal circle harbour market',
  'story city mountain winter summer method value number system pattern structure measure record promise question',
  'builds shows takes gives finds keeps holds makes turns reads writes moves follows explains suggests remains begins',
  'quickly slowly often rarely always perhaps together again already nearly almost clearly gently directly fairly',
  'and or but because while although when before after until since with without between through across above under',
  'café naïve façade résumé señor jalapeño Zürich smörgåsbord',
]
  .join(' ')
  .split(' ');

const sentenceLength = 9;

/** Makes `count` tokens of English-like text, one word a token, the blank in front as in real tokenizers. */
export function makeWords(random: Random, count: number): string[] {
  const words = Array.from({ length: count }, (_, at) => {
    const word = vocabulary[pick(random, vocabulary.length)] ?? '';
    return at % sentenceLength === 0 ? capitalised(word, at) : ` ${word}${endOf(at)}`;
  });
  const last = words.pop();
  if (last !== undefined) words.push(last.endsWith('.') ? last : `${last}.`);
  return words;
}

function capitalised(word: string, at: number): string {
  return `${at === 0 ? '' : ' '}${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function endOf(at: number): string {
  return at % sentenceLength === sentenceLength - 1 ? '.' : '';
}
