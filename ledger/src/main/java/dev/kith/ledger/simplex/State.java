package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.VoteKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/** What the parts of the machine share: the views, the blocks, and the turn that is being taken. */
final class State {
  final Simplex.Setup setup;
  final Committee committee;
  final int self;
  final NavigableMap<Long, Round> rounds = new TreeMap<>();
  final Blocks blocks;
  final Fetches fetches;
  final Pace pace;
  final Attendance attendance;
  private final Set<Guard> guards = EnumSet.allOf(Guard.class);

  long view;
  long finalizedView;
  @Nullable Certificate finalization;

  /** The last block of the epoch was delivered: this machine has nothing more to say. */
  boolean ended;

  /** Records wait that no block on the candidate chain holds. */
  boolean work;

  // Of the turn
  Now now = new Now(0, 0);
  List<Effect> effects = new ArrayList<>();

  /** Something changed that may let another rule apply. */
  boolean changed;

  State(Simplex.Setup setup, Set<Guard> removed) {
    this.setup = setup;
    committee = setup.committee();
    self = setup.self();
    guards.removeAll(removed);
    blocks = new Blocks(setup.head());
    fetches = new Fetches(committee, self, setup.random());
    pace = new Pace(setup.timing(), committee.size());
    pace.delivered(setup.head());
    finalization = setup.finalization().orElse(null);
    finalizedView = setup.finalization().map(Certificate::view).orElse(setup.head().view());
    setup
        .finalization()
        .ifPresent(certificate -> round(certificate.view()).certificate(certificate));
    view = finalizedView + 1;
    attendance = new Attendance(self, committee.size(), finalizedView);
  }

  void begin(Now turn) {
    now = turn;
    effects = new ArrayList<>();
  }

  boolean has(Guard guard) {
    return guards.contains(guard);
  }

  Round round(long ofView) {
    return rounds.computeIfAbsent(ofView, Round::new);
  }

  Round current() {
    return round(view);
  }

  int leader() {
    return committee.leader(view);
  }

  /** The views above the newest delivered block, lowest first; a copy. */
  List<Round> open() {
    return new ArrayList<>(rounds.tailMap(blocks.head().view(), false).values());
  }

  /** The block that was notarized or finalized in a view, where it was executed here. */
  @Nullable ChainPoint certified(@Nullable Round round) {
    if (round == null) {
      return null;
    }
    Certificate isFinal = round.certificate(VoteKind.FINALIZE);
    Bytes32 digest = isFinal == null ? round.notarized() : isFinal.statement().digest();
    return digest == null ? null : blocks.executedPoint(digest);
  }

  /** The newest executed block that was notarized, or else the newest delivered one. */
  ChainPoint tip() {
    for (Round round : open().reversed()) {
      ChainPoint point = certified(round);
      if (point != null) {
        return point;
      }
    }
    return blocks.head();
  }

  /** Whether a block was notarized that is not final yet. */
  boolean unfinalized() {
    return rounds.tailMap(finalizedView, false).values().stream()
        .anyMatch(round -> round.notarized() != null);
  }

  /** Why this validator is in its view; null in the first one. */
  @Nullable Certificate entry() {
    Round left = rounds.get(view - 1);
    if (left == null) {
      return finalization;
    }
    for (VoteKind kind : List.of(VoteKind.FINALIZE, VoteKind.NULLIFY, VoteKind.NOTARIZE)) {
      Certificate certificate = left.certificate(kind);
      if (certificate != null) {
        return certificate;
      }
    }
    return null;
  }

  void send(int to, Message message) {
    effects.add(new Effect.Send(to, message));
  }

  void broadcast(Message message) {
    if (committee.size() > 1) {
      effects.add(new Effect.Broadcast(message));
    }
  }

  void persist(JournalEntry entry) {
    effects.add(new Effect.Persist(entry));
  }

  void fault(int validator, String what) {
    effects.add(new Effect.Fault(validator, what));
  }
}
