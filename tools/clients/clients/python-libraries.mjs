import { pip } from '../installs/pip.mjs';
import { pythonProgram } from './library.mjs';

const v1 = 'http://127.0.0.1:8080/v1';
const root = 'http://127.0.0.1:8080';
const python = (...lines) => ({ language: 'python', lines });

/** Libraries of Python. */
export const pythonLibraries = [
  {
    name: 'py-openai',
    title: 'openai (Python)',
    setup: python(
      `client = openai.OpenAI(base_url="${v1}", api_key="sk-ollm-…")`,
      'client.chat.completions.create(model="near_qwen3_30b", messages=messages)',
    ),
    install: pip('openai'),
    run: pythonProgram('openai_sdk.py'),
  },
  {
    name: 'py-anthropic',
    title: 'anthropic (Python)',
    setup: python(
      `client = anthropic.Anthropic(base_url="${root}", api_key="sk-ollm-…")`,
      'client.messages.create(model="near_qwen3_30b", max_tokens=1000, messages=messages)',
    ),
    install: pip('anthropic'),
    run: pythonProgram('anthropic_sdk.py'),
  },
  {
    name: 'py-langchain-openai',
    title: 'langchain-openai',
    setup: python(`chat = ChatOpenAI(model="near_qwen3_30b", base_url="${v1}", api_key="sk-ollm-…")`),
    notes: ['With `use_responses_api=True` say `store=False, include=["reasoning.encrypted_content"]`, too.'],
    install: pip('langchain-openai'),
    run: pythonProgram('langchain_chat.py', { args: ['openai'] }),
  },
  {
    name: 'py-langchain-anthropic',
    title: 'langchain-anthropic',
    setup: python(
      `chat = ChatAnthropic(model="near_qwen3_30b", base_url="${root}", api_key="sk-ollm-…", max_tokens=4096)`,
    ),
    install: pip('langchain-anthropic'),
    run: pythonProgram('langchain_chat.py', { args: ['anthropic'] }),
  },
  {
    name: 'py-litellm',
    title: 'LiteLLM',
    setup: python(
      `litellm.completion(model="openai/near_qwen3_30b", api_base="${v1}", api_key="sk-ollm-…", messages=messages)`,
      `litellm.completion(model="anthropic/near_qwen3_30b", api_base="${root}", api_key="sk-ollm-…", messages=messages)`,
    ),
    install: pip('litellm'),
    run: pythonProgram('litellm_sdk.py'),
  },
];
