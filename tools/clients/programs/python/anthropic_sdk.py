from anthropic import Anthropic
from cases import Usage, api_key, model, prompts, run_cases, tool_result, weather

FIGURES = ("input_tokens", "output_tokens")
TOOLS = [{"name": weather["name"], "description": weather["description"], "input_schema": weather["schema"]}]


def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")


def loop(ask, usage, turns):
    messages, calls, text = [], [], ""
    for content in turns:
        messages.append({"role": "user", "content": content})
        while True:
            message = ask(model=model, max_tokens=500, messages=messages, tools=TOOLS)
            usage.add(message.usage, FIGURES)
            # Dumped with its null members, as programs do that keep their history as JSON.
            messages.append({"role": "assistant", "content": [block.model_dump() for block in message.content]})
            text = text_of(message)
            uses = [block for block in message.content if block.type == "tool_use"]
            if not uses:
                break
            calls += [use.input["city"] for use in uses]
            results = [{"type": "tool_result", "tool_use_id": use.id, "content": tool_result(use.input["city"])} for use in uses]
            messages.append({"role": "user", "content": results})
    return {"text": text, "calls": calls}


def gathered(client):
    def ask(**request):
        with client.messages.stream(**request) as stream:
            return stream.get_final_message()

    return ask


def answer(url):
    client, usage = client_at(url), Usage()
    client.messages.count_tokens(model=model, messages=[{"role": "user", "content": prompts["answer"]}])
    return {**loop(client.messages.create, usage, [prompts["answer"]]), "usage": usage.told()}


def tools(url):
    usage = Usage()
    turns = [prompts["firstTurn"], prompts["secondTurn"]]
    return {**loop(client_at(url).messages.create, usage, turns), "usage": usage.told()}


def stream(url):
    client, usage = client_at(url), Usage()
    calls = loop(gathered(client), usage, [prompts["firstTurn"]])["calls"]
    messages = [{"role": "user", "content": prompts["stream"]}]
    with client.messages.stream(model=model, max_tokens=500, messages=messages) as streamed:
        pieces = list(streamed.text_stream)
        usage.add(streamed.get_final_message().usage, FIGURES)
    return {"text": "".join(pieces), "deltas": len(pieces), "calls": calls, "usage": usage.told()}


def client_at(url):
    return Anthropic(base_url=url, api_key=api_key)


run_cases({"answer": answer, "tools": tools, "stream": stream})
