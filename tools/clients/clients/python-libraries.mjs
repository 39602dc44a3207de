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
  {
    name: 'py-pydantic-ai',
    title: 'Pydantic AI',
    setup: python(
      `chat = OpenAIChatModel("near_qwen3_30b", provider=OpenAIProvider(base_url="${v1}", api_key="sk-ollm-…"))`,
      'Agent(chat).run_sync(prompt)',
    ),
    notes: ['`OpenAIResponsesModel` needs `model_settings={"openai_store": False}`.'],
    install: pip('pydantic-ai-slim[openai,anthropic]'),
    run: pythonProgram('pydantic_ai_agent.py'),
  },
  {
    name: 'py-instructor',
    title: 'instructor',
    setup: python(
      `client = instructor.from_openai(openai.OpenAI(base_url="${v1}", api_key="sk-ollm-…"))`,
      'client.create(model="near_qwen3_30b", messages=messages, response_model=Place)',
    ),
    install: pip('instructor', 'anthropic'),
    expected: { answer: { text: /the city / }, tools: { text: /the cities/ }, stream: { text: /the city Bern/ } },
    run: pythonProgram('instructor_sdk.py'),
  },
  {
    name: 'py-llama-index',
    title: 'LlamaIndex',
    setup: python(
      `llm = OpenAILike(model="near_qwen3_30b", api_base="${v1}", api_key="sk-ollm-…",`,
      '                 is_chat_model=True, is_function_calling_model=True, context_window=262144)',
    ),
    install: pip('llama-index-llms-openai-like', 'llama-index-core'),
    run: pythonProgram('llama_index_agent.py'),
  },
  {
    name: 'py-openai-agents',
    title: 'openai-agents (Python)',
    setup: python(
      `client = AsyncOpenAI(base_url="${v1}", api_key="sk-ollm-…")`,
      'Agent(name="Guide", model=OpenAIResponsesModel("near_qwen3_30b", client), model_settings=ModelSettings(store=False))',
    ),
    notes: ['It sends traces to its vendor unless `set_tracing_disabled(True)` is called.'],
    install: pip('openai-agents'),
    run: pythonProgram('openai_agents.py'),
  },
  {
    name: 'py-agent-framework',
    title: 'Microsoft Agent Framework',
    setup: python(
      `client = OpenAIChatClient(base_url="${v1}", api_key="sk-ollm-…", model="near_qwen3_30b")`,
      'Agent(client, default_options={"store": False})',
    ),
    notes: [
      'Without `store: False` it keeps response ids and sends `previous_response_id`, which cannot work here. ' +
        '`OpenAIChatCompletionClient` needs no switch.',
    ],
    install: pip('agent-framework-openai', 'agent-framework-core'),
    run: pythonProgram('agent_framework_agent.py'),
  },
  {
    name: 'py-smolagents',
    title: 'smolagents',
    setup: python(`model = OpenAIModel(model_id="near_qwen3_30b", api_base="${v1}", api_key="sk-ollm-…")`),
    install: pip('smolagents[openai,litellm]'),
    expected: { stream: { text: /weather was told/ } },
    run: pythonProgram('smolagents_agent.py'),
  },
  {
    name: 'py-crewai',
    title: 'CrewAI',
    setup: python(`llm = LLM(model="openai/near_qwen3_30b", base_url="${v1}", api_key="sk-ollm-…")`),
    install: pip('crewai'),
    expected: { stream: { text: /\w+ \w+/, deltas: undefined } },
    run: pythonProgram('crewai_crew.py'),
  },
];
