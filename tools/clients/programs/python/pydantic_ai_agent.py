from anthropic import AsyncAnthropic
from cases import api_key, model, prompts, run_cases, tool_result, with_each
from pydantic_ai import Agent
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

FIGURES = ("input_tokens", "output_tokens")


def models_at(url):
    openai = OpenAIProvider(base_url=f"{url}/v1", api_key=api_key)
    kept = {"openai_store": False}
    return {
        "chat": (OpenAIChatModel(model, provider=openai), {}),
        "responses": (OpenAIResponsesModel(model, provider=openai), kept),
        "messages": (
            AnthropicModel(model, provider=AnthropicProvider(anthropic_client=AsyncAnthropic(base_url=url, api_key=api_key))),
            {},
        ),
    }


def agent_of(kind):
    calls = []
    agent = Agent(kind[0], model_settings=kind[1])

    @agent.tool_plain
    def get_weather(city: str) -> str:
        """The weather of a city."""
        calls.append(city)
        return tool_result(city)

    return agent, calls


def used(result):
    return result.usage() if callable(result.usage) else result.usage


def answer(url):
    def exercise(kind, usage):
        result = Agent(kind[0], model_settings=kind[1]).run_sync(prompts["answer"])
        usage.add(used(result), FIGURES)
        return {"text": result.output}

    return with_each(models_at(url), exercise)


def tools(url):
    def exercise(kind, usage):
        agent, calls = agent_of(kind)
        first = agent.run_sync(prompts["firstTurn"])
        second = agent.run_sync(prompts["secondTurn"], message_history=first.all_messages())
        for result in (first, second):
            usage.add(used(result), FIGURES)
        return {"text": second.output, "calls": calls}

    return with_each(models_at(url), exercise)


def stream(url):
    def exercise(kind, usage):
        agent, calls = agent_of(kind)
        looped = agent.run_stream_sync(prompts["firstTurn"])
        looped.get_output()
        said = agent.run_stream_sync(prompts["stream"])
        pieces = list(said.stream_text(delta=True, debounce_by=None))
        for result in (looped, said):
            usage.add(used(result), FIGURES)
        return {"text": "".join(pieces), "deltas": len(pieces), "calls": calls}

    return with_each(models_at(url), exercise)


run_cases({"answer": answer, "tools": tools, "stream": stream})
