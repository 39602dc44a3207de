import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.TokenStream;
import java.util.*;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** LangChain4j over chat and over messages: services with memory and a tool, whole and streamed. */
public class LangChain {
  static final ObjectMapper json = new ObjectMapper();
  static final String model = System.getenv("MODEL");
  static final String key = System.getenv("API_KEY");

  interface Guide {
    Result<String> say(String message);
  }

  interface SlowGuide {
    TokenStream say(String message);
  }

  public static class Weather {
    final List<String> calls = new ArrayList<>();

    @Tool(name = "get_weather", value = "The weather of a city.")
    public String look(@P(name = "city", value = "The city.") String city) {
      calls.add(city);
      return System.getenv("TOOL_RESULT").replace("{city}", city);
    }
  }

  static class Told {
    String text = "";
    long deltas, input, output;
    List<List<String>> calls = new ArrayList<>();

    void add(TokenUsage usage) {
      input += usage.inputTokenCount();
      output += usage.outputTokenCount();
    }
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> prompts = json.readValue(System.getenv("PROMPTS"), Map.class);
    Map<String, String> urls = json.readValue(System.getenv("CASES"), Map.class);
    for (var entry : urls.entrySet()) {
      Map<String, Object> line = new LinkedHashMap<>(Map.of("case", entry.getKey()));
      try {
        Told told = new Told();
        if (entry.getKey().equals("stream")) stream(entry.getValue(), told, prompts.get("firstTurn"), prompts.get("stream"));
        else if (entry.getKey().equals("tools")) whole(entry.getValue(), told, prompts.get("firstTurn"), prompts.get("secondTurn"));
        else whole(entry.getValue(), told, prompts.get("answer"));
        if (!told.calls.get(0).equals(told.calls.get(1))) throw new Exception("its tool was called with " + told.calls);
        line.putAll(Map.of("text", told.text, "deltas", told.deltas, "calls", told.calls.get(0)));
        line.put("usage", Map.of("input", told.input, "output", told.output));
      } catch (Exception fault) {
        line.put("error", fault.toString());
      }
      System.out.println(json.writeValueAsString(line));
    }
    System.exit(0);
  }

  static void whole(String url, Told told, String... turns) {
    List<ChatModel> models = List.of(
      OpenAiChatModel.builder().baseUrl(url + "/v1").apiKey(key).modelName(model).build(),
      AnthropicChatModel.builder().baseUrl(url + "/v1").apiKey(key).modelName(model).build());
    for (ChatModel chat : models) {
      Weather weather = new Weather();
      Guide guide = AiServices.builder(Guide.class).chatModel(chat).tools(weather).chatMemory(MessageWindowChatMemory.withMaxMessages(20)).build();
      for (String turn : turns) {
        Result<String> result = guide.say(turn);
        told.add(result.tokenUsage());
        told.text = result.content();
      }
      told.calls.add(weather.calls);
    }
  }

  static void stream(String url, Told told, String... turns) throws Exception {
    List<StreamingChatModel> models = List.of(
      OpenAiStreamingChatModel.builder().baseUrl(url + "/v1").apiKey(key).modelName(model).build(),
      AnthropicStreamingChatModel.builder().baseUrl(url + "/v1").apiKey(key).modelName(model).build());
    for (StreamingChatModel chat : models) {
      Weather weather = new Weather();
      SlowGuide guide = AiServices.builder(SlowGuide.class).streamingChatModel(chat).tools(weather).chatMemory(MessageWindowChatMemory.withMaxMessages(20)).build();
      for (String turn : turns) {
        told.deltas = 0;
        CompletableFuture<dev.langchain4j.model.chat.response.ChatResponse> done = new CompletableFuture<>();
        guide.say(turn).onPartialResponse(piece -> told.deltas++).onCompleteResponse(done::complete).onError(done::completeExceptionally).start();
        var response = done.get(60, TimeUnit.SECONDS);
        told.add(response.tokenUsage());
        told.text = response.aiMessage().text();
      }
      told.calls.add(weather.calls);
    }
  }
}
