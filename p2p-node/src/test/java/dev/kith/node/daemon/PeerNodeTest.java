package dev.kith.node.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.swarm.HostBuilder;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.realm.Home;
import dev.kith.node.realm.HomeConfig;
import dev.kith.node.realm.JoinClient;
import dev.kith.node.realm.RealmFactory;
import dev.kith.node.realm.Ticket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole peers in this process, over real sockets on loopback. */
class PeerNodeTest {
  private static final char[] PASSWORD = "secret".toCharArray();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void closeClient() {
    http.close();
  }

  @Test
  void lonePeer_servesAnnouncesItselfAndComesBackWithItsLedger() throws Exception {
    Home home = founder("one");
    long height;
    String peerId;
    try (PeerNode node = PeerNode.start(home, PASSWORD, () -> {})) {
      peerId = get(home, node, "status").path("peerId").asString();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> get(home, node, "ledger/records?type=OfferPut").size() == 1);
      JsonNode self = get(home, node, "peers").get(0);
      assertThat(self.path("peerId").asString()).isEqualTo(peerId);
      assertThat(self.path("committee").asBoolean()).isTrue();
      assertThat(self.path("diskBytes").asLong()).isEqualTo(64L << 20);
      height = get(home, node, "ledger/head").path("height").asLong();
      assertThat(height).isPositive();
      refuses(Problem.ALREADY_RUNNING, () -> PeerNode.start(home, PASSWORD, () -> {}).close());
    }
    assertThat(home.daemon()).isEmpty();

    try (PeerNode node = PeerNode.start(home, PASSWORD, () -> {})) {
      assertThat(get(home, node, "status").path("peerId").asString()).isEqualTo(peerId);
      assertThat(get(home, node, "ledger/head").path("height").asLong())
          .isGreaterThanOrEqualTo(height);
    }
  }

  @Test
  void start_saysThatAnotherVersionWroteTheStore() throws Exception {
    Home home = founder("one");
    Path format = home.dataFolder("store").resolve("format");
    Files.writeString(format, "kith-blockstore 2\n");
    refuses(Problem.WRONG_FORMAT, () -> PeerNode.start(home, PASSWORD, () -> {}).close());
    Files.writeString(format, "kith-blockstore 1\n");
    PeerNode.start(home, PASSWORD, () -> {}).close();
  }

  @Test
  void secondDevice_joinsByTicketUnderTheSameOwner() throws Exception {
    Home home = founder("one");
    Home second = home("two", Keys.secp256k1FromSeed(12), Optional.empty());
    try (PeerNode node = PeerNode.start(home, PASSWORD, () -> {})) {
      JsonNode invited = post(home, node, "tickets", "{\"expiresSeconds\": 60}");
      assertThat(invited.path("sameOwner").asBoolean()).isTrue();
      Ticket ticket = Ticket.decode(invited.path("ticket").asString());
      join(second, ticket);
      refuses(
          Problem.TICKET_INVALID,
          () -> join(home("three", Keys.secp256k1FromSeed(13), Optional.empty()), ticket));

      try (PeerNode other = PeerNode.start(second, PASSWORD, () -> {})) {
        Awaitility.await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  JsonNode peers = get(second, other, "peers");
                  assertThat(peers.size()).isEqualTo(2);
                  assertThat(peers.get(0).path("connected").asBoolean()).isTrue();
                  assertThat(peers.get(0).path("owner")).isEqualTo(peers.get(1).path("owner"));
                });
        JsonNode records = get(second, other, "ledger/records?type=MemberPut");
        assertThat(records.get(0).path("outcome").asString()).isEqualTo("APPLIED");
        assertThat(records.get(0).path("name").asString()).isEqualTo("two");
      }
    }
  }

  @Test
  void start_withAWrongPasswordOrATakenPortSaysSoAndLeavesNothingBehind() throws Exception {
    Home home = founder("one");
    refuses(
        Problem.NOT_ALLOWED, () -> PeerNode.start(home, "guess".toCharArray(), () -> {}).close());
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      HomeConfig config = home.config();
      home.config(config.withApiPort(port));
      refuses(Problem.PORT_IN_USE, () -> PeerNode.start(home, PASSWORD, () -> {}).close());
      home.config(config.withListen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port))));
      refuses(Problem.PORT_IN_USE, () -> PeerNode.start(home, PASSWORD, () -> {}).close());
      home.config(config);
    }
    PeerNode.start(home, PASSWORD, () -> {}).close();
  }

  @Test
  void stranger_isServedNothingOfTheRealm() throws Exception {
    Home home = founder("one");
    CountDownLatch asked = new CountDownLatch(1);
    try (PeerNode node = PeerNode.start(home, PASSWORD, asked::countDown);
        Host stranger = new HostBuilder(Keys.secp256k1FromSeed(99)).start()) {
      JsonNode status = get(home, node, "status");
      Multiaddr address = Multiaddr.parse(status.path("addrs").get(0).asString());
      String kad = "/kith/" + status.path("realm").asString().substring(0, 16) + "/kad/1.0.0";
      stranger.connect(address.peer().orElseThrow(), List.of(address), PATIENCE);
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(
              () -> stranger.open(address.peer().orElseThrow(), Duration.ofSeconds(5), kad));

      assertThat(send(home, node, "POST", "shutdown", "").statusCode()).isEqualTo(204);
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void join(Home home, Ticket ticket) throws IOException, InterruptedException {
    Secp256k1PrivateKey device = home.deviceKey(PASSWORD);
    try (Host host = new HostBuilder(device).start()) {
      JoinClient.Joined joined =
          new JoinClient(host, device).join(ticket, home.config().name(), "", Optional.empty());
      home.config(home.config().withBootstrap(joined.peers()));
      home.enterRealm(joined.genesis(), joined.grant());
    }
  }

  private Home founder(String name) throws IOException {
    Home home = home(name, Keys.secp256k1FromSeed(11), Optional.of(Keys.secp256k1FromSeed(1)));
    RealmFactory.create(home, PASSWORD, "test");
    return home;
  }

  private Home home(String name, Secp256k1PrivateKey device, Optional<Secp256k1PrivateKey> owner)
      throws IOException {
    HomeConfig config =
        HomeConfig.defaults(name, 64L << 20)
            .withListen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
    return Home.create(folder.resolve(name), config, PASSWORD, device, owner);
  }

  private JsonNode get(Home home, PeerNode node, String path)
      throws IOException, InterruptedException {
    return json(send(home, node, "GET", path, ""));
  }

  private JsonNode post(Home home, PeerNode node, String path, String body)
      throws IOException, InterruptedException {
    return json(send(home, node, "POST", path, body));
  }

  private static JsonNode json(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(response.body());
  }

  private HttpResponse<String> send(
      Home home, PeerNode node, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.apiPort() + "/api/v1/" + path))
            .header("Authorization", "Bearer " + home.apiToken())
            .method(method, BodyPublishers.ofString(body, StandardCharsets.UTF_8))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static void refuses(Problem problem, Call call) {
    assertThatExceptionOfType(NodeException.class)
        .isThrownBy(call::run)
        .satisfies(e -> assertThat(e.problem()).as(e.getMessage()).isEqualTo(problem));
  }

  private interface Call {
    void run() throws IOException, InterruptedException;
  }
}
