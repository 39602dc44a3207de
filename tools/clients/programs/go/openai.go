// The official OpenAI SDK: chat and responses, tool loops, streams.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"
)

type result struct {
	Case   string   `json:"case"`
	Text   string   `json:"text"`
	Calls  []string `json:"calls,omitempty"`
	Deltas int      `json:"deltas"`
	Usage  usage    `json:"usage"`
	Error  string   `json:"error,omitempty"`
}

type usage struct {
	Input  int64 `json:"input"`
	Output int64 `json:"output"`
}

var (
	ctx     = context.Background()
	model   = os.Getenv("MODEL")
	prompts map[string]string
	schema  = map[string]any{
		"type":                 "object",
		"properties":           map[string]any{"city": map[string]any{"type": "string"}},
		"required":             []string{"city"},
		"additionalProperties": false,
	}
	chatTools = []openai.ChatCompletionToolUnionParam{
		openai.ChatCompletionFunctionTool(openai.FunctionDefinitionParam{Name: "get_weather", Parameters: schema}),
	}
)

func main() {
	var urls map[string]string
	json.Unmarshal([]byte(os.Getenv("CASES")), &urls)
	json.Unmarshal([]byte(os.Getenv("PROMPTS")), &prompts)
	cases := map[string]func(openai.Client, *result){"answer": answer, "tools": tools, "stream": stream}
	for name, url := range urls {
		out := &result{Case: name}
		func() {
			defer func() {
				if fault := recover(); fault != nil {
					out.Error = fmt.Sprint(fault)
				}
			}()
			client := openai.NewClient(option.WithBaseURL(url+"/v1"), option.WithAPIKey(os.Getenv("API_KEY")))
			cases[name](client, out)
		}()
		line, _ := json.Marshal(out)
		fmt.Println(string(line))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func city(arguments string) string {
	var read struct{ City string }
	must(json.Unmarshal([]byte(arguments), &read))
	return read.City
}

func toolResult(city string) string {
	return strings.ReplaceAll(os.Getenv("TOOL_RESULT"), "{city}", city)
}

func (out *result) add(input, output int64) {
	out.Usage.Input += input
	out.Usage.Output += output
}

func answer(client openai.Client, out *result) {
	chat, err := client.Chat.Completions.New(ctx, openai.ChatCompletionNewParams{
		Model: model, Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(prompts["answer"])},
	})
	must(err)
	out.add(chat.Usage.PromptTokens, chat.Usage.CompletionTokens)
	response, err := client.Responses.New(ctx, responses.ResponseNewParams{
		Model: model, Input: responses.ResponseNewParamsInputUnion{OfString: openai.String(prompts["answer"])},
	})
	must(err)
	out.add(response.Usage.InputTokens, response.Usage.OutputTokens)
	out.Text = response.OutputText()
	_, err = client.Models.List(ctx)
	must(err)
}

func tools(client openai.Client, out *result) {
	ask := func(params openai.ChatCompletionNewParams) *openai.ChatCompletion {
		chat, err := client.Chat.Completions.New(ctx, params)
		must(err)
		return chat
	}
	loop(ask, out, "firstTurn", "secondTurn")
}

// The documented loop: the message goes back as it was received.
func loop(ask func(openai.ChatCompletionNewParams) *openai.ChatCompletion, out *result, turns ...string) {
	params := openai.ChatCompletionNewParams{Model: model, Tools: chatTools}
	for _, turn := range turns {
		params.Messages = append(params.Messages, openai.UserMessage(prompts[turn]))
		for {
			chat := ask(params)
			out.add(chat.Usage.PromptTokens, chat.Usage.CompletionTokens)
			message := chat.Choices[0].Message
			params.Messages = append(params.Messages, message.ToParam())
			if len(message.ToolCalls) == 0 {
				out.Text = message.Content
				break
			}
			for _, call := range message.ToolCalls {
				wanted := city(call.Function.Arguments)
				out.Calls = append(out.Calls, wanted)
				params.Messages = append(params.Messages, openai.ToolMessage(toolResult(wanted), call.ID))
			}
		}
	}
}

func stream(client openai.Client, out *result) {
	ask := func(params openai.ChatCompletionNewParams) *openai.ChatCompletion {
		params.StreamOptions = openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(true)}
		stream := client.Chat.Completions.NewStreaming(ctx, params)
		gathered := openai.ChatCompletionAccumulator{}
		for stream.Next() {
			gathered.AddChunk(stream.Current())
		}
		must(stream.Err())
		return &gathered.ChatCompletion
	}
	loop(ask, out, "firstTurn")
	out.Text = ""
	events := client.Responses.NewStreaming(ctx, responses.ResponseNewParams{
		Model: model, Input: responses.ResponseNewParamsInputUnion{OfString: openai.String(prompts["stream"])},
	})
	for events.Next() {
		switch event := events.Current().AsAny().(type) {
		case responses.ResponseTextDeltaEvent:
			out.Text += event.Delta
			out.Deltas++
		case responses.ResponseCompletedEvent:
			out.add(event.Response.Usage.InputTokens, event.Response.Usage.OutputTokens)
		}
	}
	must(events.Err())
}
