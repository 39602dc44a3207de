from agents import Agent, ModelSettings, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner, function_tool
from agents import set_tracing_disabled
from cases import Usage, api_key, model, prompts, run_cases, tool_result
from openai import AsyncOpenAI

FIGURES = ("input_tokens", "output_tokens")
set_tracing_disabled(True)


def agents_at(url):
    client = AsyncOpenAI(base_url=f"{url}/v1", api_key=api_key)
    calls = []

    @function_tool
    def get_weather(city: str) -> str:
        """The weather of a city."""
        calls.append(city)
        return tool_result(city)

    # Nothing is kept here.
    settings = ModelSettings(store=False, include_usage=True, response_include=["reasoning.encrypted_content"])
    models = [OpenAIChatCompletionsModel(model, client), OpenAIResponsesModel(model, client)]
    return [Agent(name="Guide", model=kind, tools=[get_weather], model_settings=settings) for kind in models], calls


def alike(texts, calls, usage, deltas=0):
    half = len(calls) // 2
    if calls[:half] != calls[half:]:
        raise RuntimeError(f"its tool was called with {calls}")
    return {"text": min(texts, key=len), "calls": calls[:half], "usage": usage.told(), "deltas": deltas}


async def answer(url):
    agents, calls = agents_at(url)
    usage, texts = Usage(), []
    for agent in agents:
        result = await Runner.run(agent, prompts["answer"])
        usage.add(result.context_wrapper.usage, FIGURES)
        texts.append(result.final_output)
    return alike(texts, calls, usage)


async def tools(url):
    agents, calls = agents_at(url)
    usage, texts = Usage(), []
    for agent in agents:
        first = await Runner.run(agent, prompts["firstTurn"])
        history = [*first.to_input_list(), {"role": "user", "content": prompts["secondTurn"]}]
        second = await Runner.run(agent, history)
        for result in (first, second):
            usage.add(result.context_wrapper.usage, FIGURES)
        texts.append(second.final_output)
    return alike(texts, calls, usage)


async def stream(url):
    agents, calls = agents_at(url)
    usage, texts, deltas = Usage(), [], []
    for agent in agents:
        looped = Runner.run_streamed(agent, prompts["firstTurn"])
        async for _ in looped.stream_events():
            pass
        said = Runner.run_streamed(agent, prompts["stream"])
        seen = 0
        async for event in said.stream_events():
            seen += 1 if getattr(getattr(event, "data", None), "type", "") == "response.output_text.delta" else 0
        for result in (looped, said):
            usage.add(result.context_wrapper.usage, FIGURES)
        texts.append(said.final_output)
        deltas.append(seen)
    return alike(texts, calls, usage, min(deltas))


run_cases({"answer": answer, "tools": tools, "stream": stream})
