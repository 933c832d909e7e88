package dev.kith.testnet.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.cli.Cli;
import dev.kith.cli.Kith;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A realm as people make it: one device founds it, others join. Real processes. */
class HomeRealmTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Map<String, String> ENVIRONMENT =
      Map.of("KITH_PASSWORD", "open sesame", "KITH_JAVA_OPTS", "-Xmx192m");

  @TempDir Path folder;

  @AfterEach
  void down() {
    for (int device = 1; device <= 3; device++) {
      if (Files.exists(home(device))) {
        ProcessHandle.of(pid(device)).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  /** So a realm does not stand still when the device that it was founded on is lost. */
  @Test
  void threeDevicesOfARealm_recordOn_withoutTheOneThatFoundedIt() throws Exception {
    ok(run(1, "init", "--name", "founder"));
    ok(run(1, "realm", "create", "--name", "home"));
    up(1);
    for (int device = 2; device <= 3; device++) {
      String ticket = json(run(1, "invite", "--json")).get("ticket").asString();
      ok(run(device, "join", ticket, "--name", "device-" + device));
      up(device);
    }
    for (int device = 1; device <= 3; device++) {
      int asked = device;
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(json(run(asked, "ledger", "validators", "--json")).get("validators"))
                      .hasSize(3));
    }
    ProcessHandle founder = ProcessHandle.of(pid(1)).orElseThrow();
    founder.destroyForcibly();
    founder.onExit().join();
    Path file = Files.write(folder.resolve("note"), new byte[1_000]);
    for (int device = 2; device <= 3; device++) {
      ok(run(device, "put", file.toString(), "--to", "/after-" + device, "--copies", "2"));
    }
    assertThat(ok(run(3, "status")).text()).contains("away: founder");
  }

  private void up(int device) {
    ok(run(device, "up", "--listen", "/ip4/127.0.0.1/tcp/0", "--storage", "100MB"));
  }

  private Path home(int device) {
    return folder.resolve("home-" + device);
  }

  private long pid(int device) {
    Ended status = run(device, "status", "--json");
    return status.code == 0 ? json(status).get("pid").asLong() : -1;
  }

  private static Ended ok(Ended ended) {
    assertThat(ended.code).as(ended.toString()).isZero();
    return ended;
  }

  private static JsonNode json(Ended ended) {
    return JsonMapper.shared().readTree(ok(ended).text());
  }

  private Ended run(int device, String... arguments) {
    List<String> line = new ArrayList<>(List.of("--home", home(device).toString()));
    line.addAll(List.of(arguments));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Cli cli = new Cli(new ByteArrayInputStream(new byte[0]), out, err, ENVIRONMENT, false);
    int code = Kith.run(cli, line.toArray(String[]::new));
    return new Ended(
        String.join(" ", line),
        code,
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8));
  }

  private record Ended(String line, int code, String text, String error) {}
}
