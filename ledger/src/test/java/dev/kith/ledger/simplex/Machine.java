package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.block.SignatureScheme;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.block.VoteKind;
import dev.kith.ledger.codec.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** One machine in the hands of a test that plays the rest of the committee. */
final class Machine {
  static final long WALL = 1_000_000_000L;
  static final Timing TIMING = new Timing(100, 1_000, 10_000, 60_000, 10);

  final Committee committee;
  final int self;
  final ChainPoint genesis;
  final Simplex simplex;
  long millis = 1_000_000;
  private final List<Effect> effects = new ArrayList<>();

  /**
   * @param leads the view of 1 to {@code size} that the machine under test leads
   */
  Machine(int size, int leads) {
    this(size, leads, true, List.of());
  }

  Machine(int size, int leads, boolean mayVote, List<JournalEntry> journal) {
    Bytes32 realm = Bytes32.repeat((byte) 1);
    SignatureScheme scheme = (key, hash, signature) -> signature.equals(mac(key, hash));
    committee =
        new Committee(
            realm,
            0,
            IntStream.range(0, size)
                .<Bytes>mapToObj(i -> Bytes.concatenate(Bytes.of(2), Hash.sha256(Bytes.of(i))))
                .toList(),
            realm,
            scheme);
    self = committee.leader(leads);
    genesis = ChainPoint.genesis(realm, WALL - 1_000);
    simplex =
        new Simplex(
            new Simplex.Setup(
                committee,
                self,
                mayVote,
                TIMING,
                genesis,
                Optional.empty(),
                hash -> mac(committee.keys().get(self), hash),
                new SplittableRandom(1)));
    effects.addAll(simplex.start(journal, now()));
  }

  private static Bytes mac(Bytes key, Bytes32 hash) {
    return Bytes.concatenate(Hash.sha256(key, hash), Bytes32.ZERO);
  }

  Now now() {
    return new Now(millis, WALL + millis - 1_000_000);
  }

  List<Integer> others() {
    return IntStream.range(0, committee.size()).filter(i -> i != self).boxed().toList();
  }

  /** Takes an event and returns what came of it. */
  List<Effect> on(Event event) {
    List<Effect> out = simplex.on(event, now());
    effects.addAll(out);
    return out;
  }

  List<Effect> receive(int from, Message message) {
    return on(new Event.Received(from, 0, message));
  }

  /** Lets time pass, tick by tick. */
  List<Effect> pass(long passing) {
    List<Effect> out = new ArrayList<>();
    long end = millis + passing;
    while (simplex.deadline() <= end) {
      millis = Math.max(millis + 1, simplex.deadline());
      out.addAll(on(new Event.Tick()));
    }
    millis = end;
    return out;
  }

  Vote vote(int signer, Statement statement) {
    Bytes key = committee.keys().get(signer);
    return new Vote(statement, signer, mac(key, committee.signingHash(statement)));
  }

  Certificate certificate(Statement statement, List<Integer> signers) {
    return Certificate.of(statement, signers.stream().map(s -> vote(s, statement)).toList());
  }

  /** A certificate of everybody else. */
  Certificate certificate(Statement statement) {
    return certificate(statement, others());
  }

  List<Effect> show(Statement statement) {
    return receive(others().getFirst(), new Message.ShowCertificate(certificate(statement)));
  }

  Block block(long view, ChainPoint parent) {
    return block(view, parent, Math.max(parent.timeMillis() + 1, now().wallMillis()), 0);
  }

  Block block(long view, ChainPoint parent, long time, int variant) {
    Bytes32 state = Bytes32.leftPad(Bytes.ofUnsignedInt(variant));
    return new Block(
        Header.of(
            committee, view, parent, time, Block.bodyRoot(List.of()), 0, 0, state, Bytes32.ZERO),
        List.of());
  }

  /** The leader's proposal, as it comes from the leader. */
  List<Effect> propose(Block block) {
    int leader = committee.leader(block.view());
    Vote vote = vote(leader, Statement.notarize(0, block.view(), block.digest()));
    return receive(leader, new Message.Propose(block, vote));
  }

  List<Effect> executed(Block block) {
    return on(new Event.Executed(block.digest(), true));
  }

  /** All that the machine ever did. */
  List<Effect> history() {
    return effects;
  }

  /** The votes among effects that left for the network. */
  static List<Statement> votes(List<Effect> effects) {
    List<Statement> votes = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Broadcast(Message message)) {
        switch (message) {
          case Message.CastVote(Vote vote) -> votes.add(vote.statement());
          case Message.Propose(Block block, Vote vote) -> votes.add(vote.statement());
          default -> {
            // no vote
          }
        }
      }
    }
    return votes;
  }

  static List<VoteKind> kinds(List<Effect> effects) {
    return votes(effects).stream().map(Statement::kind).toList();
  }

  static List<Message> sentTo(int to, List<Effect> effects) {
    List<Message> sent = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Send(int target, Message message) && target == to) {
        sent.add(message);
      }
    }
    return sent;
  }
}
