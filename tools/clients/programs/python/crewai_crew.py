from cases import api_key, model, prompts, run_cases, tool_result
from crewai import LLM, Agent, Crew, Task
from crewai.tools import tool


def crew_at(url, turns, **more):
    calls = []

    @tool("get_weather")
    def get_weather(city: str) -> str:
        """The weather of a city."""
        calls.append(city)
        return tool_result(city)

    llm = LLM(model=f"openai/{model}", base_url=f"{url}/v1", api_key=api_key, **more)
    guide = Agent(role="Guide", goal="Tell the weather.", backstory="You know every city.", llm=llm, tools=[get_weather])
    tasks = [Task(description=turn, expected_output="The weather.", agent=guide) for turn in turns]
    return Crew(agents=[guide], tasks=tasks, verbose=False), calls


def done(crew, calls):
    result = crew.kickoff()
    usage = result.token_usage
    told = {"input": usage.prompt_tokens, "output": usage.completion_tokens}
    return {"text": str(result), "calls": calls, "usage": told}


def answer(url):
    llm = LLM(model=f"openai/{model}", base_url=f"{url}/v1", api_key=api_key)
    return {"text": llm.call(prompts["answer"])}


def tools(url):
    return done(*crew_at(url, [prompts["firstTurn"], prompts["secondTurn"]]))


def stream(url):
    return done(*crew_at(url, [prompts["firstTurn"]], stream=True))


run_cases({"answer": answer, "tools": tools, "stream": stream})
