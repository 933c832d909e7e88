package dev.kith.cli;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.realm.DaemonInfo;
import dev.kith.node.realm.Home;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Speaks the HTTP API of one home's daemon (docs/api.md). Thread-safe.
 *
 * <p>It is built on HttpURLConnection: {@code java.net.http.HttpClient} takes 300 ms to load, as
 * long as all the rest of a command.
 */
public final class DaemonClient {
  private static final String BASE = "/api/v1/";
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int CONNECT_MILLIS = 5_000;
  private static final int ERROR_BYTES_MAX = 64 << 10;

  private final String origin;
  private final String token;

  private DaemonClient(String origin, String token) {
    this.origin = origin;
    this.token = token;
  }

  /**
   * The client of the daemon that serves in this home.
   *
   * @throws NodeException NOT_FOUND where there is no home, NOT_RUNNING where no daemon runs
   */
  public static DaemonClient of(Path home) throws IOException {
    Home opened = Home.open(home);
    DaemonInfo daemon =
        opened
            .daemon()
            .orElseThrow(
                () ->
                    new NodeException(
                        Problem.NOT_RUNNING, "no daemon runs in " + home + " (start it: kith up)"));
    return new DaemonClient("http://127.0.0.1:" + daemon.apiPort(), opened.apiToken());
  }

  /** For tests, which bring their own server. */
  static DaemonClient at(String origin, String token) {
    return new DaemonClient(origin, token);
  }

  /** A GET's answer, as it came. */
  public byte[] get(String path, Map<String, ?> query) throws IOException {
    return send("GET", path, query, new byte[0]);
  }

  public JsonNode getJson(String path, Map<String, ?> query) throws IOException {
    return JsonNode.parse(get(path, query));
  }

  /** Sends a JSON document with POST, and returns the JSON answer. */
  public JsonNode post(String path, Object document) throws IOException {
    byte[] body = JsonText.write(document).getBytes(StandardCharsets.UTF_8);
    byte[] answer = send("POST", path, Map.of(), body);
    return answer.length == 0 ? new JsonNode(Map.of()) : JsonNode.parse(answer);
  }

  public byte[] delete(String path, Map<String, ?> query) throws IOException {
    return send("DELETE", path, query, new byte[0]);
  }

  private byte[] send(String method, String path, Map<String, ?> query, byte[] body)
      throws IOException {
    try {
      return sendOnce(method, path, query, body);
    } catch (BrokenOffException e) {
      throw broken(e);
    }
  }

  private byte[] sendOnce(String method, String path, Map<String, ?> query, byte[] body)
      throws IOException {
    HttpURLConnection connection = connection(method, path, query);
    if (body.length > 0) {
      // Streaming also keeps the JDK from silently sending a POST twice.
      connection.setFixedLengthStreamingMode(body.length);
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      } catch (ConnectException | SocketTimeoutException e) {
        throw notRunning(e);
      }
    }
    return answer(connection);
  }

  /**
   * Sends a body of any length and returns the answer.
   *
   * @param bytes its length; -1 = unknown
   * @param progress told how many bytes were sent so far
   */
  public JsonNode upload(
      String method,
      String path,
      Map<String, ?> query,
      InputStream content,
      long bytes,
      LongConsumer progress)
      throws IOException {
    String transfer = UUID.randomUUID().toString();
    HttpURLConnection connection = connection(method, path, query);
    connection.setRequestProperty("Kith-Transfer", transfer);
    connection.setDoOutput(true);
    if (bytes >= 0) {
      connection.setFixedLengthStreamingMode(bytes);
    } else {
      connection.setChunkedStreamingMode(BUFFER_BYTES);
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    long sent = 0;
    try (OutputStream out = connection.getOutputStream()) {
      for (int read = 0; (read = read(content, buffer, bytes, sent)) > 0; ) {
        out.write(buffer, 0, read);
        sent += read;
        progress.accept(sent);
      }
    } catch (ConnectException | SocketTimeoutException e) {
      throw notRunning(e);
    } catch (LocalReadException e) {
      connection.disconnect();
      throw e.getCause() instanceof IOException cause ? cause : e;
    } catch (IOException e) {
      // The daemon refused in the middle of the body: it has told why, here or under the id.
      throw reason(transfer, refusal(connection, e));
    }
    try {
      return JsonNode.parse(answer(connection));
    } catch (BrokenOffException e) {
      throw reason(transfer, e);
    }
  }

  /** Reads on, and refuses a file that shrank or grew after its length was announced. */
  private static int read(InputStream content, byte[] buffer, long announced, long sent)
      throws LocalReadException {
    try {
      int read = content.read(buffer);
      long total = sent + Math.max(0, read);
      if (announced >= 0 && (read < 0 ? total < announced : total > announced)) {
        throw new IOException("the file changed while it was read");
      }
      return read;
    } catch (IOException e) {
      throw new LocalReadException(e);
    }
  }

  /** What failed is the caller's stream, not the connection. */
  private static final class LocalReadException extends IOException {
    private static final long serialVersionUID = 1L;

    LocalReadException(IOException cause) {
      super(cause);
    }
  }

  private IOException refusal(HttpURLConnection connection, IOException failure) {
    try {
      if (connection.getResponseCode() >= 400) {
        return problem(connection);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /** What a download came with. */
  public record Download(long bytes, long modifiedMillis) {}

  /** Told what a download is about to deliver; {@code bytes} is -1 where that is not known. */
  @FunctionalInterface
  public interface Arrival {
    OutputStream target(long bytes) throws IOException;
  }

  /**
   * Receives a body of any length; a body that is cut off is an error, with its reason.
   *
   * @param arrival gives the stream to write to, once the daemon has begun to answer
   */
  public Download download(
      String path, Map<String, ?> query, Arrival arrival, LongConsumer progress)
      throws IOException {
    String transfer = UUID.randomUUID().toString();
    HttpURLConnection connection = connection("GET", path, query);
    connection.setRequestProperty("Kith-Transfer", transfer);
    try {
      check(connection);
    } catch (BrokenOffException e) {
      throw reason(transfer, e);
    }
    long expected = connection.getContentLengthLong();
    OutputStream out = arrival.target(expected);
    byte[] buffer = new byte[BUFFER_BYTES];
    long received = 0;
    try (InputStream in = connection.getInputStream()) {
      for (int read; (read = readOn(in, buffer, transfer)) >= 0; ) {
        out.write(buffer, 0, read);
        received += read;
        progress.accept(received);
      }
    }
    if (expected >= 0 && received != expected) {
      throw reason(
          transfer,
          new EOFException(
              "the daemon broke off after " + received + " of " + expected + " bytes"));
    }
    return new Download(received, connection.getHeaderFieldLong("Kith-Modified", 0));
  }

  private int readOn(InputStream in, byte[] buffer, String transfer) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw reason(transfer, e);
    }
  }

  /** Opens an answer that goes on for long, such as a job's events. The caller closes it. */
  public InputStream open(String path, Map<String, ?> query) throws IOException {
    HttpURLConnection connection = connection("GET", path, query);
    try {
      check(connection);
    } catch (BrokenOffException e) {
      throw broken(e);
    }
    return connection.getInputStream();
  }

  private IOException reason(String transfer, IOException failure) {
    if (failure instanceof NodeException) {
      return failure;
    }
    try {
      return problem(getJson("transfers/" + transfer, Map.of()), failure);
    } catch (IOException e) {
      return broken(failure);
    }
  }

  private static NodeException broken(IOException failure) {
    return new NodeException(
        Problem.NOT_RUNNING,
        "the daemon broke off: " + failure.getMessage() + " (kith status, kith logs)",
        failure);
  }

  /** The connection ended before there was an answer. */
  private static final class BrokenOffException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenOffException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private HttpURLConnection connection(String method, String path, Map<String, ?> query)
      throws IOException {
    String parameters =
        query.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + encode(String.valueOf(entry.getValue())))
            .collect(Collectors.joining("&"));
    URI uri = URI.create(origin + BASE + path + (parameters.isEmpty() ? "" : "?" + parameters));
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
    connection.setRequestMethod(method);
    connection.setRequestProperty("Authorization", "Bearer " + token);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    return connection;
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private byte[] answer(HttpURLConnection connection) throws IOException {
    check(connection);
    try (InputStream in = connection.getInputStream()) {
      return in.readAllBytes();
    }
  }

  private void check(HttpURLConnection connection) throws IOException {
    int status;
    try {
      status = connection.getResponseCode();
    } catch (ConnectException | SocketTimeoutException e) {
      throw notRunning(e);
    } catch (IOException e) {
      throw new BrokenOffException(e);
    }
    if (status >= 400) {
      throw problem(connection);
    }
  }

  private static NodeException problem(HttpURLConnection connection) throws IOException {
    byte[] body = new byte[0];
    try (InputStream error = connection.getErrorStream()) {
      if (error != null) {
        body = error.readNBytes(ERROR_BYTES_MAX);
      }
    }
    IOException status =
        new IOException("the daemon answered with status " + connection.getResponseCode());
    try {
      return problem(JsonNode.parse(body), status);
    } catch (IllegalArgumentException e) {
      return new NodeException(Problem.INTERNAL, String.valueOf(status.getMessage()), e);
    }
  }

  private static NodeException problem(JsonNode told, IOException cause) {
    String name = told.text("problem");
    Problem problem =
        Arrays.stream(Problem.values())
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElse(Problem.INTERNAL);
    return new NodeException(
        problem, told.optionalText("message").orElse(String.valueOf(cause.getMessage())), cause);
  }

  private static NodeException notRunning(IOException cause) {
    return new NodeException(
        Problem.NOT_RUNNING, "the daemon does not answer (kith status, kith logs)", cause);
  }
}
