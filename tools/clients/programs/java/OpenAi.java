import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.*;
import com.openai.models.responses.*;
import java.util.*;
import java.util.function.Function;

/** The official OpenAI SDK: chat and responses, a tool loop, streams. */
public class OpenAi {
  static final ObjectMapper json = new ObjectMapper();
  static final String model = System.getenv("MODEL");
  static Map<String, String> prompts;

  @JsonTypeName("get_weather")
  @JsonClassDescription("The weather of a city.")
  public static class GetWeather {
    public String city;
  }

  /** What came of a case. */
  static class Result {
    String text = "";
    List<String> calls = new ArrayList<>();
    long deltas, input, output;

    void add(long more, long said) {
      input += more;
      output += said;
    }

    Map<String, Object> told() {
      return Map.of("text", text, "calls", calls, "deltas", deltas, "usage", Map.of("input", input, "output", output));
    }
  }

  interface Case {
    void run(OpenAIClient client, Result out) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    prompts = json.readValue(System.getenv("PROMPTS"), Map.class);
    Map<String, String> urls = json.readValue(System.getenv("CASES"), Map.class);
    Map<String, Case> cases = Map.of("answer", OpenAi::answer, "tools", OpenAi::tools, "stream", OpenAi::stream);
    for (var entry : urls.entrySet()) {
      Map<String, Object> line = new LinkedHashMap<>(Map.of("case", entry.getKey()));
      try {
        Result out = new Result();
        String base = entry.getValue() + "/v1";
        cases.get(entry.getKey()).run(OpenAIOkHttpClient.builder().baseUrl(base).apiKey(System.getenv("API_KEY")).build(), out);
        line.putAll(out.told());
      } catch (Exception fault) {
        line.put("error", fault.toString());
      }
      System.out.println(json.writeValueAsString(line));
    }
    System.exit(0);
  }

  static void answer(OpenAIClient client, Result out) {
    var chat = client.chat().completions().create(ChatCompletionCreateParams.builder().model(model).addUserMessage(prompts.get("answer")).build());
    out.add(chat.usage().get().promptTokens(), chat.usage().get().completionTokens());
    var response = client.responses().create(ResponseCreateParams.builder().model(model).input(prompts.get("answer")).build());
    out.add(response.usage().get().inputTokens(), response.usage().get().outputTokens());
    out.text = chat.choices().get(0).message().content().get();
    client.models().list();
  }

  static void tools(OpenAIClient client, Result out) throws Exception {
    loop(params -> client.chat().completions().create(params), out, "firstTurn", "secondTurn");
  }

  /** The documented loop: the message goes back as it was received. */
  static void loop(Function<ChatCompletionCreateParams, ChatCompletion> ask, Result out, String... turns) throws Exception {
    var params = ChatCompletionCreateParams.builder().model(model).addTool(GetWeather.class);
    for (String turn : turns) {
      params.addUserMessage(prompts.get(turn));
      for (boolean isDone = false; !isDone; ) {
        ChatCompletion chat = ask.apply(params.build());
        out.add(chat.usage().get().promptTokens(), chat.usage().get().completionTokens());
        ChatCompletionMessage message = chat.choices().get(0).message();
        params.addMessage(message);
        var calls = message.toolCalls().orElse(List.of());
        for (var call : calls) {
          var function = call.asFunction();
          String city = function.function().arguments(GetWeather.class).city;
          out.calls.add(city);
          String result = System.getenv("TOOL_RESULT").replace("{city}", city);
          params.addMessage(ChatCompletionToolMessageParam.builder().toolCallId(function.id()).content(result).build());
        }
        out.text = message.content().orElse("");
        isDone = calls.isEmpty();
      }
    }
  }

  static void stream(OpenAIClient client, Result out) throws Exception {
    var options = ChatCompletionStreamOptions.builder().includeUsage(true).build();
    loop(params -> {
      var gathered = ChatCompletionAccumulator.create();
      try (StreamResponse<ChatCompletionChunk> chunks = client.chat().completions().createStreaming(params.toBuilder().streamOptions(options).build())) {
        chunks.stream().forEach(gathered::accumulate);
      }
      return gathered.chatCompletion();
    }, out, "firstTurn");
    StringBuilder said = new StringBuilder();
    try (var events = client.responses().createStreaming(ResponseCreateParams.builder().model(model).input(prompts.get("stream")).build())) {
      events.stream().forEach(event -> {
        event.outputTextDelta().ifPresent(delta -> {
          said.append(delta.delta());
          out.deltas++;
        });
        event.completed().flatMap(done -> done.response().usage()).ifPresent(usage -> out.add(usage.inputTokens(), usage.outputTokens()));
      });
    }
    out.text = said.toString();
  }
}
