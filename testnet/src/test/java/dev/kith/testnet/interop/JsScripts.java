package dev.kith.testnet.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the js-libp2p peers of testnet/interop/js. Their packages are installed once, by the lock
 * file, where they are missing.
 */
final class JsScripts {
  private static final Path FOLDER = Path.of("interop", "js").toAbsolutePath();
  private static final long SCRIPT_SECONDS = 60;
  private static final long INSTALL_SECONDS = 110;

  private JsScripts() {}

  /** Installs what the scripts need; says clearly what is missing. */
  static synchronized void prepare() throws IOException, InterruptedException {
    String version;
    try {
      version = outputOf(start(List.of("node", "--version")), SCRIPT_SECONDS).strip();
    } catch (IOException e) {
      throw new IOException("the interop tests need Node 20 or newer on PATH", e);
    }
    int major = Integer.parseInt(version.substring(1, version.indexOf('.')));
    if (major < 20) {
      throw new IOException("the interop tests need Node 20 or newer, found " + version);
    }
    if (!Files.exists(FOLDER.resolve("node_modules").resolve(".package-lock.json"))) {
      outputOf(start(List.of("npm", "ci", "--silent")), INSTALL_SECONDS);
    }
  }

  /** Runs a script to its end and reads the JSON document that it prints last. */
  static JsonNode run(String script, String... arguments) throws IOException, InterruptedException {
    String output = outputOf(start(command(script, arguments)), SCRIPT_SECONDS).strip();
    return JsonMapper.shared().readTree(output.substring(output.lastIndexOf('\n') + 1));
  }

  /** A script that serves until it is closed. */
  record Listening(Process process, List<String> addresses) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      process.getOutputStream().close(); // it runs until stdin ends
      process.onExit().orTimeout(5, TimeUnit.SECONDS).exceptionally(late -> null).join();
      process.destroyForcibly();
    }
  }

  /** Starts {@code listen.js} and waits until it serves. */
  static Listening listen(String... arguments) throws IOException {
    Process process = start(command("listen.js", arguments));
    List<String> addresses = new ArrayList<>();
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals("ready")) {
        return new Listening(process, addresses);
      }
      addresses.add(line);
    }
    throw new IOException("listen.js ended before it was ready");
  }

  private static List<String> command(String script, String... arguments) {
    List<String> command = new ArrayList<>(List.of("node", script));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .directory(FOLDER.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String outputOf(Process process, long seconds)
      throws IOException, InterruptedException {
    Thread watch =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                      process.destroyForcibly();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    try (BufferedReader reader = process.inputReader()) {
      StringBuilder output = new StringBuilder();
      reader.lines().forEach(line -> output.append(line).append('\n'));
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException("a script ended with code " + code + ": " + output);
      }
      return output.toString();
    } finally {
      watch.interrupt();
    }
  }
}
