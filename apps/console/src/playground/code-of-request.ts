import { shellWord } from '../ui/shell-word.ts';
import type { ChatRequest } from './chat-request.ts';

export const languages = [
  { value: 'curl', label: 'curl' },
  { value: 'python', label: 'Python' },
  { value: 'typescript', label: 'TypeScript' },
  { value: 'go', label: 'Go' },
  { value: 'java', label: 'Java' },
] as const;
export type Language = (typeof languages)[number]['value'];

const json = (value: unknown) => JSON.stringify(value, null, 2);
/** A text as the literal of languages that quote as JSON does. Separators of lines that JSON leaves as they are would end one. */
const quoted = (text: string) =>
  JSON.stringify(text).replace(/[\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`);

type Write = (baseUrl: string, request: ChatRequest) => string;

const writers: Record<Language, Write> = {
  curl: (baseUrl, request) => `curl ${shellWord(`${baseUrl}/chat/completions`)} \\
  -H "Authorization: Bearer $OPENAI_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d ${shellWord(json(request))}`,
  python: (baseUrl, request) => `from openai import OpenAI

client = OpenAI(base_url=${quoted(baseUrl)})
answer = client.chat.completions.create(
${pythonArguments(request)}
)
print(answer.choices[0].message.content)`,
  typescript: (baseUrl, request) => `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: ${quoted(baseUrl)} });
const answer = await client.chat.completions.create(${json(request)});
console.log(answer.choices[0].message.content);`,
  go: (baseUrl, request) => `package main

import (
	"io"
	"net/http"
	"os"
	"strings"
)

func main() {
	body := ${quoted(JSON.stringify(request))}
	request, err := http.NewRequest("POST", ${quoted(`${baseUrl}/chat/completions`)}, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("OPENAI_API_KEY"))
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	io.Copy(os.Stdout, response.Body)
}`,
  java: (baseUrl, request) => `import java.net.URI;
import java.net.http.*;

class Ask {
  public static void main(String[] args) throws Exception {
    var body = ${quoted(JSON.stringify(request))};
    var request = HttpRequest.newBuilder(URI.create(${quoted(`${baseUrl}/chat/completions`)}))
        .header("Authorization", "Bearer " + System.getenv("OPENAI_API_KEY"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
    var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    System.out.println(response.body());
  }
}`,
};

/** The same call as a program. @param baseUrl with `/v1` */
export function codeIn(language: Language, baseUrl: string, request: ChatRequest): string {
  return writers[language](baseUrl, request);
}

/** What the SDK for Python has arguments for; anything else goes along in `extra_body`. */
const arguments_ = new Set(
  'model messages tools tool_choice temperature top_p stop seed n logprobs top_logprobs logit_bias max_completion_tokens max_tokens frequency_penalty presence_penalty reasoning_effort response_format parallel_tool_calls verbosity'.split(
    ' ',
  ),
);

function pythonArguments(request: ChatRequest): string {
  const all = Object.entries(request);
  const extra = all.filter(([name]) => !arguments_.has(name));
  const lines = all.filter(([name]) => arguments_.has(name));
  return [...lines, ...(extra.length > 0 ? [['extra_body', Object.fromEntries(extra)] as const] : [])]
    .map(([name, value]) => `    ${name}=${python(value, '    ')},`)
    .join('\n');
}

/** A value as Python writes it. */
function python(value: unknown, indent: string): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return quoted(value);
  return typeof value === 'object' ? pythonOf(value, indent) : JSON.stringify(value);
}

function pythonOf(value: object, indent: string): string {
  const inner = `${indent}    `;
  const isList = Array.isArray(value);
  const lines = isList
    ? value.map((one) => `${inner}${python(one, inner)},`)
    : Object.entries(value).map(([name, one]) => `${inner}${quoted(name)}: ${python(one, inner)},`);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  return lines.length === 0 ? open + close : `${open}\n${lines.join('\n')}\n${indent}${close}`;
}
