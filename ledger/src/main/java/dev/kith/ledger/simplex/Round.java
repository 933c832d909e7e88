package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.block.VoteKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/** What is known of one view: votes and certificates, and what this validator itself said in it. */
final class Round {
  final long view;

  /** The first block that the leader signed for this view. */
  @Nullable Block proposal;

  /** Set once this validator proposed, so that it never proposes another block. */
  boolean proposed;

  /** Asked the driver for a block. */
  boolean building;

  /** The driver had nothing to propose; ask again when that changes. */
  boolean nothingToBuild;

  private final Map<VoteKind, Statement> own = new EnumMap<>(VoteKind.class);
  private final Map<VoteKind, Map<Integer, Vote>> votes = new EnumMap<>(VoteKind.class);
  private final Map<VoteKind, Certificate> certificates = new EnumMap<>(VoteKind.class);

  Round(long view) {
    this.view = view;
    for (VoteKind kind : VoteKind.values()) {
      votes.put(kind, new HashMap<>());
    }
  }

  boolean said(VoteKind kind) {
    return own.containsKey(kind);
  }

  @Nullable Statement own(VoteKind kind) {
    return own.get(kind);
  }

  void say(Statement statement) {
    own.put(statement.kind(), statement);
  }

  @Nullable Certificate certificate(VoteKind kind) {
    return certificates.get(kind);
  }

  void certificate(Certificate certificate) {
    certificates.putIfAbsent(certificate.kind(), certificate);
  }

  List<Certificate> certificates() {
    return new ArrayList<>(certificates.values());
  }

  boolean nullified() {
    return certificates.containsKey(VoteKind.NULLIFY);
  }

  /** The block that a quorum notarized, if one did. */
  @Nullable Bytes32 notarized() {
    Certificate certificate = certificates.get(VoteKind.NOTARIZE);
    return certificate == null ? null : certificate.statement().digest();
  }

  /** Whether this very block was notarized or finalized in this view. */
  boolean certified(Bytes32 digest) {
    Certificate finalization = certificates.get(VoteKind.FINALIZE);
    return digest.equals(notarized())
        || (finalization != null && finalization.statement().digest().equals(digest));
  }

  @Nullable Vote vote(VoteKind kind, int signer) {
    return votesOf(kind).get(signer);
  }

  /** Counts a verified vote; a signer's first vote of a kind is the one that counts. */
  void add(Vote vote) {
    votesOf(vote.kind()).putIfAbsent(vote.signer(), vote);
  }

  /** A vote of the same signer that no honest validator casts beside this one. */
  @Nullable Vote contradiction(Vote vote) {
    Vote same = vote(vote.kind(), vote.signer());
    if (same != null && !same.statement().equals(vote.statement())) {
      return same;
    }
    return switch (vote.kind()) {
      case NOTARIZE -> null;
      case NULLIFY -> vote(VoteKind.FINALIZE, vote.signer());
      case FINALIZE -> vote(VoteKind.NULLIFY, vote.signer());
    };
  }

  /** Validators that voted in this view in any way. */
  int voters() {
    int signers = 0;
    for (Map<Integer, Vote> ofKind : votes.values()) {
      for (int signer : ofKind.keySet()) {
        signers |= 1 << signer;
      }
    }
    return Integer.bitCount(signers);
  }

  /** A certificate from the votes at hand, where they make a quorum and none was there before. */
  Optional<Certificate> tally(VoteKind kind, int quorum) {
    if (certificates.containsKey(kind) || votesOf(kind).size() < quorum) {
      return Optional.empty();
    }
    Map<Statement, List<Vote>> byStatement = new HashMap<>();
    for (Vote vote : votesOf(kind).values()) {
      byStatement.computeIfAbsent(vote.statement(), s -> new ArrayList<>()).add(vote);
    }
    return byStatement.entrySet().stream()
        .filter(entry -> entry.getValue().size() >= quorum)
        .findFirst()
        .map(entry -> Certificate.of(entry.getKey(), entry.getValue()));
  }

  private Map<Integer, Vote> votesOf(VoteKind kind) {
    return votes.getOrDefault(kind, Map.of());
  }

  @Override
  public String toString() {
    Block block = proposal;
    return view
        + (block == null ? "" : " proposal " + block.digest().toShortHexString())
        + " said "
        + own.keySet()
        + " certified "
        + certificates.keySet()
        + " votes "
        + votes.values().stream().map(Map::keySet).toList();
  }
}
