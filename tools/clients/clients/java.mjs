import { join } from 'node:path';
import { javaProgram, maven } from '../installs/maven.mjs';
import { runProgram } from './library.mjs';

/** An SDK of Java and the program of ours that tries it. */
function sdk({ name, title, lines, artifacts, program }) {
  const source = join(import.meta.dirname, '../programs/java', program);
  return {
    name,
    title,
    setup: { language: 'java', lines },
    install: maven(artifacts, source),
    run: (trial) => runProgram(trial, javaProgram(trial.folder, source)),
  };
}

/** The official SDKs of Java, and LangChain4j. */
export const javaSdks = [
  sdk({
    name: 'java-openai',
    title: 'openai-java',
    lines: [
      'OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl("http://127.0.0.1:8080/v1").apiKey("sk-ollm-…").build();',
      'client.chat().completions().create(ChatCompletionCreateParams.builder().model("near_qwen3_30b").addUserMessage(text).build());',
    ],
    artifacts: ['com.openai:openai-java'],
    program: 'OpenAi.java',
  }),
  sdk({
    name: 'java-anthropic',
    title: 'anthropic-java',
    lines: [
      'AnthropicClient client = AnthropicOkHttpClient.builder().baseUrl("http://127.0.0.1:8080").apiKey("sk-ollm-…").build();',
      'client.messages().create(MessageCreateParams.builder().model("near_qwen3_30b").maxTokens(1000).addUserMessage(text).build());',
    ],
    artifacts: ['com.anthropic:anthropic-java'],
    program: 'AnthropicSdk.java',
  }),
  sdk({
    name: 'java-langchain4j',
    title: 'LangChain4j',
    lines: [
      'OpenAiChatModel.builder().baseUrl("http://127.0.0.1:8080/v1").apiKey("sk-ollm-…").modelName("near_qwen3_30b").build();',
      'AnthropicChatModel.builder().baseUrl("http://127.0.0.1:8080/v1").apiKey("sk-ollm-…").modelName("near_qwen3_30b").build();',
    ],
    artifacts: [
      'dev.langchain4j:langchain4j-open-ai',
      'dev.langchain4j:langchain4j-anthropic',
      'dev.langchain4j:langchain4j:1.19.0',
    ],
    program: 'LangChain.java',
  }),
];
