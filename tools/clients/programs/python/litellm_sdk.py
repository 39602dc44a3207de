import json

import litellm
from cases import api_key, model, prompts, run_cases, tool_result, weather, with_each

FIGURES = ("prompt_tokens", "completion_tokens")
FUNCTION = {"name": weather["name"], "description": weather["description"], "parameters": weather["schema"]}
TOOLS = [{"type": "function", "function": FUNCTION}]


def routes_at(url):
    return {
        "openai": {"model": f"openai/{model}", "api_base": f"{url}/v1", "api_key": api_key},
        "anthropic": {"model": f"anthropic/{model}", "api_base": url, "api_key": api_key},
    }


def plain(route, messages, **more):
    return litellm.completion(**route, messages=messages, **more)


def streamed(route, messages, **more):
    return litellm.completion(**route, messages=messages, stream=True, stream_options={"include_usage": True}, **more)


def gathered(route, messages, **more):
    return litellm.stream_chunk_builder(list(streamed(route, messages, **more)), messages=messages)


def loop(route, usage, turns, ask):
    messages, calls = [], []
    for content in turns:
        messages.append({"role": "user", "content": content})
        while True:
            completion = ask(route, messages, tools=TOOLS)
            usage.add(completion.usage, FIGURES)
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


def answer(url):
    def exercise(route, usage):
        completion = plain(route, [{"role": "user", "content": prompts["answer"]}])
        usage.add(completion.usage, FIGURES)
        return {"text": completion.choices[0].message.content}

    return with_each(routes_at(url), exercise)


def tools(url):
    turns = [prompts["firstTurn"], prompts["secondTurn"]]
    return with_each(routes_at(url), lambda route, usage: loop(route, usage, turns, plain))


def stream(url):
    def exercise(route, usage):
        calls = loop(route, usage, [prompts["firstTurn"]], gathered)["calls"]
        pieces = []
        for chunk in streamed(route, [{"role": "user", "content": prompts["stream"]}]):
            if chunk.choices and chunk.choices[0].delta.content:
                pieces.append(chunk.choices[0].delta.content)
            if getattr(chunk, "usage", None):
                usage.add(chunk.usage, FIGURES)
        return {"text": "".join(pieces), "deltas": len(pieces), "calls": calls}

    return with_each(routes_at(url), exercise)


run_cases({"answer": answer, "tools": tools, "stream": stream})
