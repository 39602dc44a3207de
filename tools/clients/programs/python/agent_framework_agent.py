from typing import Annotated

import agent_framework.openai as provider
from agent_framework import Agent
from cases import Usage, api_key, model, prompts, run_cases, tool_result

FIGURES = ("input_token_count", "output_token_count")


def clients_at(url):
    place = {"base_url": f"{url}/v1", "api_key": api_key, "model": model}
    return [provider.OpenAIChatCompletionClient(**place), provider.OpenAIChatClient(**place)]


def agents_at(url):
    calls = []

    def get_weather(city: Annotated[str, "The city."]) -> str:
        """The weather of a city."""
        calls.append(city)
        return tool_result(city)

    # Nothing is kept here.
    settings = {"store": False}
    return [Agent(client, tools=[get_weather], default_options=settings) for client in clients_at(url)], calls


def alike(texts, calls, usage, deltas=0):
    half = len(calls) // 2
    if calls[:half] != calls[half:]:
        raise RuntimeError(f"its tool was called with {calls}")
    return {"text": min(texts, key=len), "calls": calls[:half], "usage": usage.told(), "deltas": deltas}


async def answer(url):
    agents, calls = agents_at(url)
    usage, texts = Usage(), []
    for agent in agents:
        result = await agent.run(prompts["answer"])
        usage.add(result.usage_details, FIGURES)
        texts.append(result.text)
    return alike(texts, calls, usage)


async def tools(url):
    agents, calls = agents_at(url)
    usage, texts = Usage(), []
    for agent in agents:
        session = agent.create_session()
        for prompt in (prompts["firstTurn"], prompts["secondTurn"]):
            result = await agent.run(prompt, session=session)
            usage.add(result.usage_details, FIGURES)
        texts.append(result.text)
    return alike(texts, calls, usage)


async def stream(url):
    agents, calls = agents_at(url)
    usage, texts, deltas = Usage(), [], []
    for agent in agents:
        session = agent.create_session()
        for prompt in (prompts["firstTurn"], prompts["stream"]):
            running = agent.run(prompt, session=session, stream=True)
            pieces = [update.text async for update in running if update.text]
            usage.add((await running.get_final_response()).usage_details, FIGURES)
        texts.append("".join(pieces))
        deltas.append(len(pieces))
    return alike(texts, calls, usage, min(deltas))


run_cases({"answer": answer, "tools": tools, "stream": stream})
