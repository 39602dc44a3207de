/** What the model is made to say and call: `[[echo:…]]` and `[[call:…]]` steer the simulated providers. */
export const prompts = {
  answer: 'Say hello. [[echo:let me think about it, lighthouse one]]',
  firstTurn: 'What is the weather in Bern? [[call:get_weather {"city":"Bern"}]]',
  secondTurn: 'And in Basel? [[call:get_weather {"city":"Basel"}]]',
  stream: 'Say it slowly. [[echo:let me think about it, lighthouse two]]',
};

/** What a case of a library must come to. */
export const expected = {
  answer: { text: /lighthouse one/ },
  tools: { text: /\w+ \w+/, calls: ['Bern', 'Basel'] },
  stream: { text: /lighthouse two/, deltas: 3, calls: ['Bern'] },
};

/** What the tool of the tests answers; the model must get to see it. */
export const toolResult = (city) => `${city} is sunny`;
