package dev.kith.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kith.node.realm.DaemonInfo;
import dev.kith.node.realm.Home;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** Answers requests as told, and remembers them. */
@SuppressWarnings("ArrayRecordComponent") // bodies are carried, never compared
final class FakeDaemon implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, Answer> byQuery = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
  private final List<Request> requests = new ArrayList<>();

  /**
   * @param announced the length that the head tells; the body may be shorter
   */
  private record Answer(int status, byte[] body, int announced) {}

  record Request(String method, String target, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  FakeDaemon(Home home) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.start();
    home.daemonServes(DaemonInfo.ofThisProcess(server.getAddress().getPort(), "peer"));
  }

  /** What a method and a path, without the query, are answered with. */
  FakeDaemon on(String request, String json) {
    return on(request, 200, json);
  }

  FakeDaemon on(String request, int status, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    answers.put(request, new Answer(status, body, body.length));
    return this;
  }

  /** The answer where the query holds {@code word}; {@link #on} answers the others. */
  FakeDaemon onQuery(String request, String word, int status, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    byQuery.put(request + " " + word, new Answer(status, body, body.length));
    return this;
  }

  /** An answer that breaks off. */
  FakeDaemon onCutOff(String request, byte[] body, int announced) {
    answers.put(request, new Answer(200, body, announced));
    return this;
  }

  /** An answer that comes only when {@code gate} opens. */
  FakeDaemon onGate(String request, CountDownLatch gate, String json) {
    gates.put(request, gate);
    return on(request, json);
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  Request only(String method) {
    return requests().stream().filter(r -> r.method().equals(method)).findFirst().orElseThrow();
  }

  private static boolean isAsked(String told, String key, String target) {
    return told.startsWith(key + " ") && target.contains(told.substring(key.length() + 1));
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring("/api/v1/".length());
      String target = exchange.getRequestURI().toString().substring("/api/v1/".length());
      byte[] body = exchange.getRequestBody().readAllBytes();
      synchronized (this) {
        requests.add(new Request(exchange.getRequestMethod(), target, body));
      }
      String key = exchange.getRequestMethod() + " " + path;
      CountDownLatch gate = gates.get(key);
      if (gate != null) {
        gate.await();
      }
      Answer answer =
          byQuery.entrySet().stream()
              .filter(entry -> isAsked(entry.getKey(), key, target))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElse(answers.get(key));
      if (answer == null && path.startsWith("transfers/")) {
        answer = answers.get("GET transfers");
      }
      if (answer == null) {
        byte[] missing =
            "{\"problem\":\"NOT_FOUND\",\"message\":\"no answer\"}"
                .getBytes(StandardCharsets.UTF_8);
        answer = new Answer(404, missing, missing.length);
      }
      exchange.getResponseHeaders().set("Kith-Modified", "1600000000000");
      exchange.sendResponseHeaders(
          answer.status(), answer.announced() == 0 ? -1 : answer.announced());
      exchange.getResponseBody().write(answer.body());
      exchange.getResponseBody().flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
