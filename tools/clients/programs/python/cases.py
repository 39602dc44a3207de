"""What a program of ours needs to know: which cases at which addresses, and what to say."""

import asyncio
import inspect
import json
import os
import traceback

api_key = os.environ["API_KEY"]
model = os.environ["MODEL"]
prompts = json.loads(os.environ["PROMPTS"])
weather = {
    "name": "get_weather",
    "description": "The weather of a city.",
    "schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
}


def tool_result(city):
    return os.environ["TOOL_RESULT"].replace("{city}", city)


class Usage:
    """Adds up usage, whatever the members are called."""

    def __init__(self):
        self.input = 0
        self.output = 0

    def add(self, usage, names):
        get = usage.get if isinstance(usage, dict) else lambda name: getattr(usage, name)
        self.input += get(names[0])
        self.output += get(names[1])

    def told(self):
        return {"input": self.input, "output": self.output}


def run_cases(cases):
    """Runs each case that was asked for and prints what came of it: a dictionary with text, usage, calls, deltas."""
    for name, url in json.loads(os.environ["CASES"]).items():
        try:
            result = cases[name](url)
            if inspect.isawaitable(result):
                result = asyncio.run(result)
        except Exception as error:
            report()
            result = {"error": f"{type(error).__name__}: {error}"[:600]}
        print("\n" + json.dumps({"case": name, **result}, separators=(",", ":")), flush=True)
    os._exit(0)


def with_each(kinds, exercise):
    """Does the same with each of several kinds of model. All must come to the same calls; the shortest text stands for all."""
    usage = Usage()
    results = []
    for name, kind in kinds.items():
        try:
            results.append(exercise(kind, usage))
        except Exception as error:
            report()
            raise RuntimeError(f"{name}: {type(error).__name__}: {error}") from error
    calls = {str(result.get("calls")) for result in results}
    if len(calls) > 1:
        raise RuntimeError(f"its tool was called with {' and '.join(calls)}")
    return {**min(results, key=lambda result: len(result["text"] or "")), "usage": usage.told()}


def report():
    if os.environ.get("VERBOSE"):
        traceback.print_exc()
