import instructor
from anthropic import Anthropic
from cases import Usage, api_key, model, prompts, run_cases, with_each
from openai import OpenAI
from pydantic import BaseModel

CHAT = ("prompt_tokens", "completion_tokens")
MESSAGES = ("input_tokens", "output_tokens")


class Place(BaseModel):
    """Where the weather is wanted."""

    city: str


def clients_at(url):
    openai = OpenAI(base_url=f"{url}/v1", api_key=api_key)
    modes = [instructor.Mode.TOOLS, instructor.Mode.JSON_SCHEMA]
    clients = {mode.value: (instructor.from_openai(openai, mode=mode), CHAT, {}) for mode in modes}
    anthropic = instructor.from_anthropic(Anthropic(base_url=url, api_key=api_key))
    return {**clients, "anthropic": (anthropic, MESSAGES, {"max_tokens": 500})}


def ask(client, prompt, more):
    messages = [{"role": "user", "content": prompt}]
    return client.create_with_completion(model=model, messages=messages, response_model=Place, **more)


def answer(url):
    def exercise(kind, usage):
        client, figures, more = kind
        place, completion = ask(client, prompts["answer"], more)
        usage.add(completion.usage, figures)
        return {"text": f"the city {place.city}"}

    return with_each(clients_at(url), exercise)


def tools(url):
    """A model of its own is what it takes for a tool: the call that the prompt scripts becomes it."""
    usage = Usage()
    cities = []
    client, figures, more = clients_at(url)["tool_call"]
    for prompt in (prompts["firstTurn"], prompts["secondTurn"]):
        place, completion = ask(client, prompt.replace("get_weather", "Place"), more)
        usage.add(completion.usage, figures)
        cities.append(place.city)
    return {"text": f"the cities {cities}", "calls": cities, "usage": usage.told()}


def stream(url):
    client = clients_at(url)["tool_call"][0]
    messages = [{"role": "user", "content": prompts["firstTurn"].replace("get_weather", "PartialPlace|Place")}]
    seen = list(client.create_partial(model=model, messages=messages, response_model=Place))
    return {"text": f"the city {seen[-1].city}", "deltas": len(seen), "calls": [seen[-1].city]}


run_cases({"answer": answer, "tools": tools, "stream": stream})
