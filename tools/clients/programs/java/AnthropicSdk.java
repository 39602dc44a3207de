import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.*;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.*;
import java.util.function.Function;

/** The official Anthropic SDK: a tool loop, streams. */
public class AnthropicSdk {
  static final ObjectMapper json = new ObjectMapper();
  static final String model = System.getenv("MODEL");
  static Map<String, String> prompts;

  /** What came of a case. */
  static class Told {
    String text = "";
    List<String> calls = new ArrayList<>();
    long deltas, input, output;
  }

  public static void main(String[] args) throws Exception {
    prompts = json.readValue(System.getenv("PROMPTS"), Map.class);
    Map<String, String> urls = json.readValue(System.getenv("CASES"), Map.class);
    for (var entry : urls.entrySet()) {
      Map<String, Object> line = new LinkedHashMap<>(Map.of("case", entry.getKey()));
      try {
        AnthropicClient client = AnthropicOkHttpClient.builder().baseUrl(entry.getValue()).apiKey(System.getenv("API_KEY")).build();
        Told told = new Told();
        if (entry.getKey().equals("answer")) loop(client.messages()::create, told, "answer");
        else if (entry.getKey().equals("tools")) loop(client.messages()::create, told, "firstTurn", "secondTurn");
        else loop(params -> gathered(client, params, told), told, "firstTurn", "stream");
        line.putAll(Map.of("text", told.text, "deltas", told.deltas, "calls", told.calls));
        line.put("usage", Map.of("input", told.input, "output", told.output));
      } catch (Exception fault) {
        line.put("error", fault.toString());
      }
      System.out.println(json.writeValueAsString(line));
    }
    System.exit(0);
  }

  static Message gathered(AnthropicClient client, MessageCreateParams params, Told told) {
    MessageAccumulator accumulator = MessageAccumulator.create();
    told.deltas = 0;
    try (var events = client.messages().createStreaming(params)) {
      events.stream().peek(accumulator::accumulate).flatMap(event -> event.contentBlockDelta().stream())
        .flatMap(delta -> delta.delta().text().stream()).forEach(text -> told.deltas++);
    }
    return accumulator.message();
  }

  /** The documented loop: the message goes back as it was received. */
  static void loop(Function<MessageCreateParams, Message> ask, Told told, String... turns) {
    var schema = Tool.InputSchema.builder()
      .properties(JsonValue.from(Map.of("city", Map.of("type", "string"))))
      .putAdditionalProperty("required", JsonValue.from(List.of("city"))).build();
    var params = MessageCreateParams.builder().model(model).maxTokens(500).addTool(Tool.builder().name("get_weather").inputSchema(schema).build());
    for (String turn : turns) {
      params.addUserMessage(prompts.get(turn));
      for (boolean isDone = false; !isDone; ) {
        Message message = ask.apply(params.build());
        told.input += message.usage().inputTokens();
        told.output += message.usage().outputTokens();
        params.addMessage(message);
        List<ContentBlockParam> results = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (ContentBlock block : message.content()) {
          block.text().ifPresent(part -> text.append(part.text()));
          block.toolUse().ifPresent(use -> {
            String city = use._input().convert(Map.class).get("city").toString();
            told.calls.add(city);
            String result = System.getenv("TOOL_RESULT").replace("{city}", city);
            results.add(ContentBlockParam.ofToolResult(ToolResultBlockParam.builder().toolUseId(use.id()).content(result).build()));
          });
        }
        told.text = text.toString();
        isDone = results.isEmpty();
        if (!isDone) params.addUserMessageOfContentBlockParams(results);
      }
    }
  }
}
