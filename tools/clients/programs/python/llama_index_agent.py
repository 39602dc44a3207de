import asyncio

from cases import api_key, model, prompts, run_cases, tool_result
from llama_index.core.agent.workflow import AgentStream, FunctionAgent
from llama_index.core.llms import ChatMessage
from llama_index.core.workflow import Context
from llama_index.llms.openai_like import OpenAILike


def llm_at(url):
    place = {"api_base": f"{url}/v1", "api_key": api_key, "is_chat_model": True, "is_function_calling_model": True}
    return OpenAILike(model=model, context_window=100_000, **place)


def answer(url):
    said = llm_at(url).chat([ChatMessage(role="user", content=prompts["answer"])])
    usage = said.raw.usage
    return {"text": said.message.content, "usage": {"input": usage.prompt_tokens, "output": usage.completion_tokens}}


def agent_at(url):
    calls = []

    def get_weather(city: str) -> str:
        """The weather of a city."""
        calls.append(city)
        return tool_result(city)

    return FunctionAgent(tools=[get_weather], llm=llm_at(url), streaming=True), calls


async def tools(url):
    agent, calls = agent_at(url)
    context = Context(agent)
    await agent.run(prompts["firstTurn"], ctx=context)
    last = await agent.run(prompts["secondTurn"], ctx=context)
    return {"text": str(last), "calls": calls}


async def stream(url):
    agent, calls = agent_at(url)
    context = Context(agent)
    await agent.run(prompts["firstTurn"], ctx=context)
    running = agent.run(prompts["stream"], ctx=context)
    deltas = 0
    async for event in running.stream_events():
        deltas += 1 if isinstance(event, AgentStream) and event.delta else 0
    return {"text": str(await running), "deltas": deltas, "calls": calls}


asyncio.set_event_loop(asyncio.new_event_loop())
run_cases({"answer": answer, "tools": tools, "stream": stream})
