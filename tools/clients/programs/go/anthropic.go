// The official Anthropic SDK: messages, tool loops, streams, the list of models.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/anthropics/anthropic-sdk-go/v2"
	"github.com/anthropics/anthropic-sdk-go/v2/option"
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
	tool    = anthropic.ToolParam{
		Name: "get_weather",
		InputSchema: anthropic.ToolInputSchemaParam{
			Properties: map[string]any{"city": map[string]any{"type": "string"}},
			Required:   []string{"city"},
		},
	}
)

func main() {
	var urls map[string]string
	json.Unmarshal([]byte(os.Getenv("CASES")), &urls)
	json.Unmarshal([]byte(os.Getenv("PROMPTS")), &prompts)
	cases := map[string]func(anthropic.Client, *result){"answer": answer, "tools": tools, "stream": stream}
	for name, url := range urls {
		out := &result{Case: name}
		func() {
			defer func() {
				if fault := recover(); fault != nil {
					out.Error = fmt.Sprint(fault)
				}
			}()
			client := anthropic.NewClient(option.WithBaseURL(url), option.WithAPIKey(os.Getenv("API_KEY")))
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

func toolResult(city string) string {
	return strings.ReplaceAll(os.Getenv("TOOL_RESULT"), "{city}", city)
}

func request(text string) anthropic.MessageNewParams {
	return anthropic.MessageNewParams{
		Model:     anthropic.Model(model),
		MaxTokens: 500,
		Messages:  []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock(text))},
		Tools:     []anthropic.ToolUnionParam{{OfTool: &tool}},
	}
}

func (out *result) add(counted anthropic.Usage) {
	out.Usage.Input += counted.InputTokens
	out.Usage.Output += counted.OutputTokens
}

func answer(client anthropic.Client, out *result) {
	_, err := client.Models.List(ctx, anthropic.ModelListParams{})
	must(err)
	message, err := client.Messages.New(ctx, request(prompts["answer"]))
	must(err)
	out.add(message.Usage)
	for _, block := range message.Content {
		out.Text += block.Text
	}
}

func tools(client anthropic.Client, out *result) {
	ask := func(params anthropic.MessageNewParams) *anthropic.Message {
		message, err := client.Messages.New(ctx, params)
		must(err)
		return message
	}
	loop(ask, out, "firstTurn", "secondTurn")
}

// The documented loop: the message goes back as it was received.
func loop(ask func(anthropic.MessageNewParams) *anthropic.Message, out *result, turns ...string) {
	params := request("")
	params.Messages = nil
	for _, turn := range turns {
		params.Messages = append(params.Messages, anthropic.NewUserMessage(anthropic.NewTextBlock(prompts[turn])))
		for {
			message := ask(params)
			out.add(message.Usage)
			params.Messages = append(params.Messages, message.ToParam())
			results := []anthropic.ContentBlockParamUnion{}
			out.Text = ""
			for _, block := range message.Content {
				out.Text += block.Text
				if block.Type == "tool_use" {
					var input struct{ City string }
					must(json.Unmarshal(block.Input, &input))
					out.Calls = append(out.Calls, input.City)
					results = append(results, anthropic.NewToolResultBlock(block.ID, toolResult(input.City), false))
				}
			}
			if len(results) == 0 {
				break
			}
			params.Messages = append(params.Messages, anthropic.NewUserMessage(results...))
		}
	}
}

func stream(client anthropic.Client, out *result) {
	ask := func(params anthropic.MessageNewParams) *anthropic.Message {
		stream := client.Messages.NewStreaming(ctx, params)
		message := anthropic.Message{}
		for stream.Next() {
			event := stream.Current()
			must(message.Accumulate(event))
			if delta, ok := event.AsAny().(anthropic.ContentBlockDeltaEvent); ok && delta.Delta.Type == "text_delta" {
				out.Deltas++
			}
		}
		must(stream.Err())
		return &message
	}
	loop(ask, out, "firstTurn")
	out.Deltas = 0
	loop(ask, out, "stream")
}
