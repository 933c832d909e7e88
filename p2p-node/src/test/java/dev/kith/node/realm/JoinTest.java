package dev.kith.node.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.ledger.CommitteeRow;
import dev.kith.ledger.Genesis;
import dev.kith.ledger.GroupRow;
import dev.kith.ledger.LedgerStalledException;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Member;
import dev.kith.ledger.NamespaceRow;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.TaskRow;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.MemberPut;
import dev.kith.ledger.record.Signatures;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.memory.MemoryNetwork;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The join protocol between two hosts of one process, over a ledger that takes what it gets. */
class JoinTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final Secp256k1PrivateKey owner = Keys.secp256k1FromSeed(1);
  private final Secp256k1PrivateKey inviter = Keys.secp256k1FromSeed(2);
  private final Secp256k1PrivateKey joiner = Keys.secp256k1FromSeed(3);
  private final FakeRealm realm = new FakeRealm();
  private Host inviterHost;
  private Host joinerHost;

  @BeforeEach
  void start() {
    inviterHost = network.host(inviter);
    joinerHost = network.host(joiner);
    inviterHost.serve(JoinMessage.PROTOCOL, new JoinServer(realm));
  }

  @AfterEach
  void stop() {
    network.close();
  }

  @Test
  void join_enrolsTheDeviceUnderTheInvitersOwner() throws Exception {
    JoinClient.Joined joined = join(ticket(60_000), Optional.empty());

    assertThat(joined.genesis()).isEqualTo(realm.genesis());
    assertThat(joined.height()).isEqualTo(8);
    assertThat(joined.grant().owner()).isEqualTo(owner.publicKey().raw());
    assertThat(OwnerRoot.unwrap(joiner, joined.grant().wrappedRoot()))
        .isEqualTo(OwnerRoot.of(owner));
    assertThat(joined.peers())
        .containsExactly(inviterHost.listenAddresses().getFirst().withPeer(inviterHost.id()));
    assertThat(realm.submitted).hasSize(1);
    MemberPut put = (MemberPut) realm.submitted.getFirst().facts().getFirst();
    assertThat(put.name()).isEqualTo("laptop");
    assertThat(put.site()).isEqualTo("attic");
  }

  @Test
  void join_withAnOwnerOfItsOwnGrantsItself() throws Exception {
    Secp256k1PrivateKey own = Keys.secp256k1FromSeed(9);
    realm.ownerKey = Optional.empty();
    JoinClient.Joined joined = join(ticket(60_000), Optional.of(own));
    assertThat(joined.grant().owner()).isEqualTo(own.publicKey().raw());
    assertThat(RealmFactory.valid(joined.grant(), realm.genesis().realmId(), joinerHost.id()))
        .isTrue();
  }

  @Test
  void join_underAnOwnerWhoseKeyIsElsewhereSaysWhatToDo() {
    realm.ownerKey = Optional.empty();
    refuses(Problem.NOT_ALLOWED, ticket(60_000));
  }

  @Test
  void join_onceMoreAfterACrashFindsTheMembershipThatStands() throws Exception {
    JoinClient.Joined first = join(ticket(60_000), Optional.empty());
    realm.joined =
        Optional.of(
            new Member(1, joinerHost.id(), "laptop", "", first.grant(), Optional.empty(), false));
    JoinClient.Joined again = join(ticket(60_000), Optional.empty());
    assertThat(again.grant()).isEqualTo(first.grant());
    assertThat(realm.submitted).as("the second ticket is not spent").hasSize(1);
  }

  @Test
  void join_withAnExpiredTicketIsRefusedWithoutAskingAnybody() {
    inviterHost.close();
    refuses(Problem.TICKET_EXPIRED, ticket(-1));
  }

  @Test
  void join_withATicketOfAnotherRealmIsRefused() {
    Ticket foreign =
        Ticket.issue(
            Bytes32.repeat((byte) 1),
            inviter,
            Keys.secp256k1FromSeed(4),
            System.currentTimeMillis() + 60_000,
            true,
            inviterHost.listenAddresses());
    refuses(Problem.TICKET_INVALID, foreign);
  }

  @Test
  void join_withATicketThatNoMemberMadeIsRefused() throws Exception {
    Ticket forged =
        Ticket.issue(
            realm.genesis().realmId(),
            joiner,
            Keys.secp256k1FromSeed(4),
            System.currentTimeMillis() + 60_000,
            true,
            inviterHost.listenAddresses());
    // The forger sends it to the inviter all the same.
    assertThat(refusedRaw(forged, joinerHost)).isEqualTo(Problem.TICKET_INVALID);
    assertThat(realm.submitted).isEmpty();
  }

  /** The grant opens all of the owner's files: another owner's ticket must not fetch it. */
  @Test
  void join_withATicketOfAnotherOwnersDeviceGetsNoGrant() throws Exception {
    Secp256k1PrivateKey neighbour = Keys.secp256k1FromSeed(5);
    realm.joined =
        Optional.of(
            new Member(
                1,
                neighbour.publicKey().peerId(),
                "neighbour",
                "",
                RealmFactory.grant(
                    realm.genesis().realmId(), Keys.secp256k1FromSeed(6), neighbour.publicKey()),
                Optional.empty(),
                false));
    Ticket theirs = ticket(neighbour, true);
    assertThat(refusedRaw(theirs, joinerHost)).isEqualTo(Problem.NOT_ALLOWED);
    assertThat(realm.submitted).isEmpty();
  }

  @Test
  void join_withAGuestsTicketGetsNoGrant() throws Exception {
    Ticket guest = ticket(inviter, false);
    refuses(Problem.NOT_ALLOWED, guest);
    assertThat(refusedRaw(guest, joinerHost)).isEqualTo(Problem.NOT_ALLOWED);
    Secp256k1PrivateKey own = Keys.secp256k1FromSeed(9);
    assertThat(join(guest, Optional.of(own)).grant().owner()).isEqualTo(own.publicKey().raw());
  }

  @Test
  void ticket_isGoodForOneGrantAndForNoneOnceItIsSpent() throws Exception {
    Ticket ticket = ticket(60_000);
    join(ticket, Optional.empty());
    Host thief = network.host(Keys.secp256k1FromSeed(7));
    assertThat(refusedRaw(ticket, thief)).isEqualTo(Problem.TICKET_INVALID);

    inviterHost.stopServing(JoinMessage.PROTOCOL);
    inviterHost.serve(JoinMessage.PROTOCOL, new JoinServer(realm)); // restarted: it forgot
    realm.spent = true;
    assertThat(refusedRaw(ticket, thief)).isEqualTo(Problem.TICKET_INVALID);
  }

  /** What a joiner who skips its own checks is told when it asks for a grant. */
  private Problem refusedRaw(Ticket ticket, Host by) throws Exception {
    by.connect(inviterHost.id(), inviterHost.listenAddresses(), Duration.ofSeconds(5));
    try (Stream stream = by.open(inviterHost.id(), Duration.ofSeconds(5), JoinMessage.PROTOCOL)) {
      JoinStream messages = new JoinStream(stream);
      Bytes signature =
          Signatures.sign(ticket.key(), MemberPut.ticketMessage(ticket.realmId(), by.id()));
      messages.send(
          new JoinMessage.Request(ticket.realmId(), ticket.invitation(), signature, false));
      JoinMessage answer = messages.receive(JoinMessage.BYTES_MAX);
      assertThat(answer).isInstanceOf(JoinMessage.Refused.class);
      return ((JoinMessage.Refused) answer).problem();
    }
  }

  @Test
  void join_tellsWhatTheLedgerRefused() {
    realm.outcome = Optional.of(new Outcome.Refused(8, Refusal.TICKET_SPENT));
    refuses(Problem.TICKET_INVALID, ticket(60_000));
    realm.outcome = Optional.of(new Outcome.Refused(8, Refusal.TICKET_EXPIRED));
    refuses(Problem.TICKET_EXPIRED, ticket(60_000));
    realm.outcome = Optional.empty();
    refuses(Problem.LEDGER_STALLED, ticket(60_000));
  }

  @Test
  void join_whenTheInviterIsGoneSaysSo() {
    Ticket ticket = ticket(60_000);
    inviterHost.close();
    refuses(Problem.NO_PEERS, ticket);
  }

  @Test
  void tries_areLimitedAndComeBackWithTime() {
    Tries tries = new Tries(3, Duration.ofSeconds(3));
    assertThat(tries.allowed(0)).isTrue();
    assertThat(tries.allowed(0)).isTrue();
    assertThat(tries.allowed(0)).isTrue();
    assertThat(tries.allowed(500_000_000)).isFalse();
    assertThat(tries.allowed(1_100_000_000)).isTrue();
    assertThat(tries.allowed(1_200_000_000)).isFalse();
  }

  private Ticket ticket(long lifeMillis) {
    return Ticket.issue(
        realm.genesis().realmId(),
        inviter,
        Keys.secp256k1FromSeed(4),
        System.currentTimeMillis() + lifeMillis,
        true,
        List.of(Multiaddr.parse("/memory/1")));
  }

  private Ticket ticket(Secp256k1PrivateKey by, boolean sameOwner) {
    return Ticket.issue(
        realm.genesis().realmId(),
        by,
        Keys.secp256k1FromSeed(4),
        System.currentTimeMillis() + 60_000,
        sameOwner,
        List.of(Multiaddr.parse("/memory/1")));
  }

  private JoinClient.Joined join(Ticket ticket, Optional<Secp256k1PrivateKey> newOwner)
      throws IOException, InterruptedException {
    return new JoinClient(joinerHost, joiner).join(ticket, "laptop", "attic", newOwner);
  }

  private void refuses(Problem problem, Ticket ticket) {
    assertThatExceptionOfType(NodeException.class)
        .isThrownBy(() -> join(ticket, Optional.empty()))
        .satisfies(e -> assertThat(e.problem()).as(e.getMessage()).isEqualTo(problem));
  }

  /** A realm of the inviter alone. */
  private final class FakeRealm implements JoinServer.Realm {
    private final Genesis genesis =
        new Genesis(
            "test",
            1000,
            List.of(
                new Genesis.Founder(
                    inviter.publicKey().peerId(),
                    "desk",
                    "",
                    RealmFactory.grant(Bytes32.ZERO, owner, inviter.publicKey()))),
            List.of(0),
            Genesis.Parameters.LAN);

    private final List<Batch> submitted = new ArrayList<>();
    private Optional<Secp256k1PrivateKey> ownerKey = Optional.of(owner);
    private Optional<Member> joined = Optional.empty();
    private boolean spent;
    private Optional<Outcome> outcome = Optional.of(new Outcome.Applied(8));

    @Override
    public Genesis genesis() {
      return genesis;
    }

    @Override
    public LedgerView view() {
      return new View(genesis, joined, spent);
    }

    @Override
    public Outcome submit(Batch batch, Duration timeout) throws IOException {
      submitted.add(batch);
      return outcome.orElseThrow(() -> new LedgerStalledException("no quorum"));
    }

    @Override
    public List<Multiaddr> peers() {
      return List.of(Multiaddr.parse("/memory/1").withPeer(inviter.publicKey().peerId()));
    }

    @Override
    public Optional<Secp256k1PrivateKey> ownerKey() {
      return ownerKey;
    }
  }

  private record View(Genesis genesis, Optional<Member> joined, boolean spent)
      implements LedgerView {
    @Override
    public CommitteeRow committee() {
      return new CommitteeRow(0, 0, 0, List.of(), List.of());
    }

    @Override
    public boolean ticketSpent(Bytes key) {
      return spent;
    }

    @Override
    public long height() {
      return 7;
    }

    @Override
    public long timeMillis() {
      return 1000;
    }

    @Override
    public Optional<Member> member(PeerId peer) {
      return members().stream().filter(member -> member.peer().equals(peer)).findFirst();
    }

    @Override
    public Optional<Member> member(int index) {
      return members().stream().filter(member -> member.index() == index).findFirst();
    }

    @Override
    public List<Member> members() {
      Genesis.Founder founder = genesis.members().getFirst();
      Member inviting =
          new Member(
              0,
              founder.peer(),
              founder.name(),
              founder.site(),
              founder.grant(),
              Optional.empty(),
              true);
      return joined.map(member -> List.of(inviting, member)).orElse(List.of(inviting));
    }

    @Override
    public Optional<GroupRow> group(Bytes32 group) {
      return Optional.empty();
    }

    @Override
    public List<GroupRow> groupsOfOwner(Bytes wanted) {
      return List.of();
    }

    @Override
    public List<GroupRow> groupsHeldBy(int member) {
      return List.of();
    }

    @Override
    public Optional<NamespaceRow> namespace(Bytes wanted) {
      return Optional.empty();
    }

    @Override
    public Optional<TaskRow> task(Bytes32 task) {
      return Optional.empty();
    }

    @Override
    public List<TaskRow> tasks() {
      return List.of();
    }
  }
}
