import { join } from 'node:path';
import { go, goProgram } from '../installs/go.mjs';
import { runProgram } from './library.mjs';

const programs = join(import.meta.dirname, '../programs/go');
const run = (trial) => runProgram(trial, goProgram(trial.folder));

/** The official SDKs of Go. */
export const goSdks = [
  {
    name: 'go-openai',
    title: 'openai-go',
    setup: {
      language: 'go',
      lines: [
        'client := openai.NewClient(option.WithBaseURL("http://127.0.0.1:8080/v1"), option.WithAPIKey("sk-ollm-…"))',
        'client.Chat.Completions.New(ctx, openai.ChatCompletionNewParams{Model: "near_qwen3_30b", Messages: messages})',
      ],
    },
    install: go('github.com/openai/openai-go/v3', join(programs, 'openai.go')),
    run,
  },
  {
    name: 'go-anthropic',
    title: 'anthropic-sdk-go',
    setup: {
      language: 'go',
      lines: [
        'client := anthropic.NewClient(option.WithBaseURL("http://127.0.0.1:8080"), option.WithAPIKey("sk-ollm-…"))',
        'client.Messages.New(ctx, anthropic.MessageNewParams{Model: "near_qwen3_30b", MaxTokens: 1000, Messages: messages})',
      ],
    },
    install: go('github.com/anthropics/anthropic-sdk-go/v2', join(programs, 'anthropic.go')),
    run,
  },
];
