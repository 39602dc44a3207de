import sys

from cases import api_key, model, prompts, run_cases, tool_result, with_each
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool

FIGURES = ("input_tokens", "output_tokens")


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return tool_result(city)


def models_at(url):
    if sys.argv[1] == "anthropic":
        from langchain_anthropic import ChatAnthropic

        return {"messages": ChatAnthropic(model=model, api_key=api_key, base_url=url, max_tokens=1000)}
    from langchain_openai import ChatOpenAI

    place = {"model": model, "api_key": api_key, "base_url": f"{url}/v1", "stream_usage": True}
    kept = {"store": False, "include": ["reasoning.encrypted_content"]}
    return {"chat": ChatOpenAI(**place), "responses": ChatOpenAI(**place, use_responses_api=True, **kept)}


def whole_of(chunks):
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole = whole + chunk
    return whole


def loop(chat, usage, turns, ask):
    bound, messages, calls = chat.bind_tools([get_weather]), [], []
    for content in turns:
        messages.append(HumanMessage(content))
        while True:
            message = ask(bound, messages)
            usage.add(message.usage_metadata, FIGURES)
            messages.append(message)
            if not message.tool_calls:
                break
            for call in message.tool_calls:
                calls.append(call["args"]["city"])
                messages.append(ToolMessage(get_weather.invoke(call["args"]), tool_call_id=call["id"]))
    return {"text": str(messages[-1].text), "calls": calls}


def answer(url):
    def exercise(chat, usage):
        message = chat.invoke(prompts["answer"])
        usage.add(message.usage_metadata, FIGURES)
        return {"text": str(message.text)}

    return with_each(models_at(url), exercise)


def tools(url):
    turns = [prompts["firstTurn"], prompts["secondTurn"]]
    return with_each(models_at(url), lambda chat, usage: loop(chat, usage, turns, lambda bound, m: bound.invoke(m)))


def stream(url):
    def exercise(chat, usage):
        gathered = loop(chat, usage, [prompts["firstTurn"]], lambda bound, m: whole_of(list(bound.stream(m))))
        chunks = list(chat.stream(prompts["stream"]))
        whole = whole_of(chunks)
        usage.add(whole.usage_metadata, FIGURES)
        deltas = sum(1 for chunk in chunks if str(chunk.text))
        return {"text": str(whole.text), "deltas": deltas, "calls": gathered["calls"]}

    return with_each(models_at(url), exercise)


run_cases({"answer": answer, "tools": tools, "stream": stream})
