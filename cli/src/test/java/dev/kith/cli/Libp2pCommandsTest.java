package dev.kith.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.identity.Keys;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands on bare hosts, each against what {@code serve} serves. */
class Libp2pCommandsTest {
  private static final String KAD = "/kith/test/kad/1.0.0";
  private static final String CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";

  private final List<Server> servers = new ArrayList<>();
  private String out = "";
  private String err = "";

  /** A {@code kith libp2p serve} in this process, and the lines that it prints. */
  private static final class Server {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread thread;

    Server(String... options) throws IOException {
      PipedInputStream pipe = new PipedInputStream();
      PipedOutputStream stdout = new PipedOutputStream(pipe);
      List<String> arguments = new ArrayList<>(List.of("libp2p", "serve"));
      arguments.addAll(List.of(options));
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(pipe, UTF_8))) {
                  reader.lines().forEach(lines::add);
                } catch (IOException | UncheckedIOException e) {
                  lines.add("serve has ended: " + e);
                }
              });
      Cli cli =
          new Cli(
              InputStream.nullInputStream(),
              stdout,
              OutputStream.nullOutputStream(),
              Map.of(),
              false);
      thread = Thread.ofPlatform().start(() -> Kith.run(cli, arguments.toArray(String[]::new)));
    }

    String line() throws InterruptedException {
      String line = lines.poll(30, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("serve is silent");
      }
      return line;
    }
  }

  private Server server(String... options) throws IOException {
    Server server = new Server(options);
    servers.add(server);
    return server;
  }

  /** Where a server is that said so, and that it is ready. */
  private static String address(Server server) throws InterruptedException {
    String address = server.line();
    assertThat(server.line()).isEqualTo("ready");
    return address;
  }

  @AfterEach
  void stopServers() throws InterruptedException {
    for (Server server : servers) {
      server.thread.interrupt();
      server.thread.join();
    }
  }

  private int kith(String... arguments) {
    return kithReading("", arguments);
  }

  private int kithReading(String stdin, String... arguments) {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    Cli cli =
        new Cli(new ByteArrayInputStream(stdin.getBytes(UTF_8)), stdout, stderr, Map.of(), false);
    List<String> all = new ArrayList<>(List.of("libp2p"));
    all.addAll(List.of(arguments));
    int code = Kith.run(cli, all.toArray(String[]::new));
    out = stdout.toString(UTF_8);
    err = stderr.toString(UTF_8);
    return code;
  }

  private JsonNode json() throws IOException {
    return JsonNode.parse(out.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls", "noise"})
  void pingAndIdentify_askOverTheChannelThatIsNamed(String security) throws Exception {
    String address = address(server("--key", "ed25519", "--topic", "news"));
    assertThat(kith("ping", "--security", security, "--count", "2", "--json", address)).isZero();
    assertThat(out).contains("\"pingMicros\":[").contains(security);
    assertThat(kith("identify", "--security", security, "--json", address)).isZero();
    assertThat(json().texts("protocols"))
        .contains("/ipfs/ping/1.0.0", "/echo/1.0.0", "/perf/1.0.0", "/meshsub/1.2.0");
  }

  @Test
  void publish_isPrintedByThoseWhoJoined() throws Exception {
    Server server = server("--topic", "news", "--topic", "other");
    String address = address(server);
    assertThat(kith("publish", "news", "hello\u001b[31m\nworld", address)).isZero();
    String author = out.strip().substring(out.lastIndexOf(' ') + 1);
    assertThat(server.line()).isEqualTo("news " + author + " 16 bytes: hello\\x1b[31m\\x0aworld");
    assertThat(kithReading("piped", "publish", "--json", "other", "-", address)).isZero();
    assertThat(json().number("bytes")).isEqualTo(5);
    assertThat(server.line()).isEqualTo("other " + json().text("from") + " 5 bytes: piped");
  }

  @Test
  void serve_inJsonPrintsADocumentForEachMessage() throws Exception {
    Server server = server("--json", "--topic", "news");
    String address = JsonNode.parse(server.line().getBytes(UTF_8)).texts("addrs").getFirst();
    assertThat(kith("publish", "news", "hello", address)).isZero();
    JsonNode message = JsonNode.parse(server.line().getBytes(UTF_8));
    assertThat(message.text("topic")).isEqualTo("news");
    assertThat(message.number("bytes")).isEqualTo(5);
    assertThat(new String(Base64.getDecoder().decode(message.text("data")), UTF_8))
        .isEqualTo("hello");
  }

  @Test
  void publish_toATopicThatThePeerDidNotJoinSaysSo() throws Exception {
    String address = address(server("--topic", "news"));
    assertThat(kith("publish", "--timeout", "1s", "sports", "hello", address)).isEqualTo(3);
    assertThat(err).isEqualTo("kith: the peer does not subscribe to sports\n");
    assertThat(kith("publish", "", "hello", address)).isEqualTo(2);
  }

  @Test
  void provide_isFoundByFindProviders() throws Exception {
    String address = address(server("--kad", KAD));
    assertThat(kith("find-providers", "--kad", KAD, CID, address)).isEqualTo(3);
    assertThat(kith("provide", "--kad", KAD, "--json", CID, address)).isZero();
    assertThat(json().number("told")).isEqualTo(1);
    String provider = json().text("peerId");
    String announced = json().texts("addrs").getFirst();
    assertThat(kith("find-providers", "--kad", KAD, "--json", CID, address)).isZero();
    JsonNode found = json().list("providers").getFirst();
    assertThat(found.text("peerId")).isEqualTo(provider);
    assertThat(found.texts("addrs")).containsExactly(announced);
    assertThat(kith("find-providers", "--kad", KAD, CID, address)).isZero();
    assertThat(out).isEqualTo(announced + "\n");
  }

  @Test
  void findPeer_printsWhereItIs() throws Exception {
    String address = address(server("--kad", KAD));
    String peer = address.substring(address.lastIndexOf('/') + 1);
    assertThat(kith("find-peer", "--kad", KAD, peer, address)).isZero();
    assertThat(out).isEqualTo(address + "\n");
    String unknown = Keys.secp256k1FromSeed(99).publicKey().peerId().toString();
    assertThat(kith("find-peer", "--kad", KAD, "--json", unknown, address)).isEqualTo(3);
    assertThat(json().text("error")).isNotEmpty();
    assertThat(err).isEqualTo("kith: the DHT does not know " + unknown + "\n");
  }

  @Test
  void commands_sayWhatIsWrongWithTheirArguments() throws Exception {
    String address = address(server());
    assertThat(kith("find-providers", "nonsense", address)).isEqualTo(2);
    assertThat(err).isEqualTo("kith: no CID: nonsense\n");
    assertThat(kith("find-peer", "nonsense", address)).isEqualTo(2);
    assertThat(err).isEqualTo("kith: no peer id: nonsense\n");
    assertThat(kith("find-providers", CID, "/ip4/127.0.0.1/tcp/1")).isEqualTo(2);
    assertThat(err).contains("without /p2p/PEER");
    assertThat(kith("find-providers", "--timeout", "2s", CID, address)).isEqualTo(5);
    assertThat(err).startsWith("kith: the peer serves no DHT /ipfs/kad/1.0.0: ");
    String gone = address.replaceFirst("/tcp/\\d+/", "/tcp/1/");
    assertThat(kith("publish", "--timeout", "2s", "news", "hello", gone)).isEqualTo(5);
  }
}
