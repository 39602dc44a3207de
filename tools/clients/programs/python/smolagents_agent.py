from cases import Usage, api_key, model, prompts, run_cases, tool_result
from smolagents import LiteLLMModel, OpenAIModel, ToolCallingAgent, tool

FIGURES = ("input_tokens", "output_tokens")
DONE = '[[call:final_answer {"answer":"the weather was told"}]]'


def agent_at(url, **more):
    calls = []

    @tool
    def get_weather(city: str) -> str:
        """The weather of a city.

        Args:
            city: The city.
        """
        calls.append(city)
        return tool_result(city)

    chat = OpenAIModel(model_id=model, api_base=f"{url}/v1", api_key=api_key)
    return ToolCallingAgent(tools=[get_weather], model=chat, verbosity_level=0, **more), calls


def answer(url):
    usage = Usage()
    openai = OpenAIModel(model_id=model, api_base=f"{url}/v1", api_key=api_key)
    anthropic = LiteLLMModel(model_id=f"anthropic/{model}", api_base=url, api_key=api_key)
    texts = []
    for chat in (openai, anthropic):
        message = chat([{"role": "user", "content": [{"type": "text", "text": prompts["answer"]}]}])
        usage.add(message.token_usage, FIGURES)
        texts.append(message.content)
    return {"text": min(texts, key=len), "usage": usage.told()}


def tools(url):
    agent, calls = agent_at(url)
    agent.run(f"{prompts['firstTurn']} {DONE}")
    told = agent.run(f"{prompts['secondTurn']} {DONE}", reset=False)
    counts = agent.monitor.get_total_token_counts()
    return {"text": str(told), "calls": calls, "usage": {"input": counts.input_tokens, "output": counts.output_tokens}}


def stream(url):
    agent, calls = agent_at(url, stream_outputs=True)
    seen = list(agent.run(f"{prompts['firstTurn']} {DONE}", stream=True))
    return {"text": str(seen[-1].output), "deltas": len(seen), "calls": calls}


run_cases({"answer": answer, "tools": tools, "stream": stream})
