package dev.kith.testnet.local;

import dev.kith.node.realm.DaemonInfo;
import dev.kith.node.realm.Home;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a daemon's status over its HTTP API. Thread-safe. */
final class PeerApi implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  static String base(DaemonInfo daemon) {
    return "http://127.0.0.1:" + daemon.apiPort();
  }

  /** Empty while the daemon does not answer. */
  Optional<JsonNode> status(Home home) throws IOException, InterruptedException {
    Optional<DaemonInfo> daemon = home.daemon();
    if (daemon.isEmpty()) {
      return Optional.empty();
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base(daemon.get()) + "/api/v1/status"))
            .header("Authorization", "Bearer " + home.apiToken())
            .timeout(TIMEOUT)
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200
          ? Optional.of(JsonMapper.shared().readTree(response.body()))
          : Optional.empty();
    } catch (IOException | JacksonException e) {
      return Optional.empty(); // not yet, or no more
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
