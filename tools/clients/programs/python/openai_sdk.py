import json

from cases import api_key, model, prompts, run_cases, tool_result, weather, with_each
from openai import OpenAI

CHAT = ("prompt_tokens", "completion_tokens")
RESPONSES = ("input_tokens", "output_tokens")
FUNCTION = {"name": weather["name"], "description": weather["description"], "parameters": weather["schema"]}
TOOLS = [{"type": "function", "function": FUNCTION}]


def chat_loop(client, usage, turns, ask):
    messages, calls = [], []
    for content in turns:
        messages.append({"role": "user", "content": content})
        while True:
            completion = ask(client, messages)
            usage.add(completion.usage, CHAT)
            message = completion.choices[0].message
            # The documented way: the message as it was received.
            messages.append(message)
            if not message.tool_calls:
                break
            for call in message.tool_calls:
                city = json.loads(call.function.arguments)["city"]
                calls.append(city)
                messages.append({"role": "tool", "tool_call_id": call.id, "content": tool_result(city)})
    return {"text": messages[-1].content, "calls": calls}


def chat_create(client, messages):
    return client.chat.completions.create(model=model, messages=messages, tools=TOOLS)


def chat_stream(client, messages):
    options = {"include_usage": True}
    with client.chat.completions.stream(model=model, messages=messages, tools=TOOLS, stream_options=options) as stream:
        return stream.get_final_completion()


def response_loop(client, usage, turns, ask):
    items, calls, text = [], [], ""
    for content in turns:
        items.append({"role": "user", "content": content})
        while True:
            response = ask(client, items)
            usage.add(response.usage, RESPONSES)
            # Dumped with its null members, as programs do that keep their history as JSON.
            items += [item.model_dump() for item in response.output]
            text = response.output_text
            wanted = [item for item in response.output if item.type == "function_call"]
            if not wanted:
                break
            for call in wanted:
                city = json.loads(call.arguments)["city"]
                calls.append(city)
                items.append({"type": "function_call_output", "call_id": call.call_id, "output": tool_result(city)})
    return {"text": text, "calls": calls}


def response_create(client, items):
    return client.responses.create(**response_request(items))


def response_stream(client, items):
    with client.responses.stream(**response_request(items)) as stream:
        return stream.get_final_response()


def response_request(items):
    tools = [{"type": "function", **FUNCTION, "strict": True}]
    return {"model": model, "input": items, "tools": tools, "store": False, "include": ["reasoning.encrypted_content"]}


def streamed_chat(client, usage):
    messages, pieces = [{"role": "user", "content": prompts["stream"]}], []
    asked = {"model": model, "messages": messages, "stream": True, "stream_options": {"include_usage": True}}
    for chunk in client.chat.completions.create(**asked):
        if chunk.choices and chunk.choices[0].delta.content:
            pieces.append(chunk.choices[0].delta.content)
        if chunk.usage:
            usage.add(chunk.usage, CHAT)
    return "".join(pieces), len(pieces)


def streamed_response(client, usage):
    pieces = []
    for event in client.responses.create(model=model, input=prompts["stream"], stream=True):
        if event.type == "response.output_text.delta":
            pieces.append(event.delta)
        if event.type == "response.completed":
            usage.add(event.response.usage, RESPONSES)
    return "".join(pieces), len(pieces)


KINDS = {
    "chat": (chat_loop, chat_create, chat_stream, streamed_chat),
    "responses": (response_loop, response_create, response_stream, streamed_response),
}


def client_at(url):
    return OpenAI(base_url=f"{url}/v1", api_key=api_key)


def answer(url):
    return with_each(KINDS, lambda kind, usage: kind[0](client_at(url), usage, [prompts["answer"]], kind[1]))


def tools(url):
    turns = [prompts["firstTurn"], prompts["secondTurn"]]
    return with_each(KINDS, lambda kind, usage: kind[0](client_at(url), usage, turns, kind[1]))


def stream(url):
    def exercise(kind, usage):
        loop, _, gather, streamed = kind
        calls = loop(client_at(url), usage, [prompts["firstTurn"]], gather)["calls"]
        text, deltas = streamed(client_at(url), usage)
        return {"text": text, "deltas": deltas, "calls": calls}

    return with_each(KINDS, exercise)


run_cases({"answer": answer, "tools": tools, "stream": stream})
