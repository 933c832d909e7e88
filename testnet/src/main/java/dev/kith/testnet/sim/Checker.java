package dev.kith.testnet.sim;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.Finality;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.block.VoteKind;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Watches from above what must never happen (docs/ledger.md, invariants A1 to A7). It sees honest
 * members' deliveries, votes and certificates, across restarts.
 */
final class Checker {
  private final String run;
  private final Committee committee;
  private final Map<Long, Bytes32> finals = new HashMap<>();
  private final Map<Long, Bytes32> notarized = new HashMap<>();
  private final Map<Long, VoteKind> decided = new HashMap<>();
  private final Map<Said, Statement> said = new HashMap<>();
  private final Tally tally;
  private int blocks;

  Checker(String run, Committee committee, Tally tally) {
    this.run = run;
    this.tally = tally;
    this.committee = committee;
  }

  /** A1, A5, A6: honest members deliver one chain, and can prove each of its blocks. */
  void delivered(int validator, Block block, Finality finality, Bytes32 parent) {
    Bytes32 known = finals.putIfAbsent(block.height(), block.digest());
    demand(
        known == null || known.equals(block.digest()),
        () -> "A1 agreement: validator " + validator + " delivers another " + block);
    demand(
        block.header().parentDigest().equals(parent),
        () -> "A1 chain: validator " + validator + " delivers " + block + " beside its chain");
    demand(
        finality.proves(block, committee),
        () -> "A5 proof: validator " + validator + " cannot prove " + block);
    if (known == null) {
      blocks++;
      tally.add(Happened.BLOCK_FINAL);
      if (block.header().view() > block.header().parentView() + 1) {
        tally.add(Happened.BLOCK_OVER_A_GAP);
      }
    }
  }

  /** A2, A3: a view has one notarized block, and is not both skipped and final. */
  void shown(Certificate certificate) {
    long view = certificate.view();
    switch (certificate.kind()) {
      case NOTARIZE -> {
        Bytes32 digest = certificate.statement().digest();
        Bytes32 known = notarized.putIfAbsent(view, digest);
        demand(
            known == null || known.equals(digest), () -> "A2 two blocks notarized in view " + view);
      }
      case NULLIFY, FINALIZE -> {
        VoteKind known = decided.putIfAbsent(view, certificate.kind());
        demand(
            known == null || known == certificate.kind(),
            () -> "A3 view " + view + " both nullified and finalized");
        if (known == null && certificate.kind() == VoteKind.NULLIFY) {
          tally.add(Happened.VIEW_NULLIFIED);
          if (notarized.containsKey(view)) {
            tally.add(Happened.NOTARIZED_NOT_FINAL);
          }
        }
      }
    }
  }

  /** A4, A7: what an honest member says, it wrote down before, and never contradicts. */
  void cast(Vote vote, Disk disk) {
    demand(
        disk.holds(vote.statement()),
        () ->
            "A7 validator "
                + vote.signer()
                + " says what it did not write down: "
                + vote.statement());
    Said place = new Said(vote.signer(), vote.view(), vote.kind());
    Statement known = said.putIfAbsent(place, vote.statement());
    demand(
        known == null || known.equals(vote.statement()),
        () -> "A4 validator " + vote.signer() + " says two things of view " + vote.view());
    demand(
        !(said.containsKey(place.as(VoteKind.NULLIFY))
            && said.containsKey(place.as(VoteKind.FINALIZE))),
        () -> "A4 validator " + vote.signer() + " nullifies and finalizes view " + vote.view());
  }

  void accused(int validator, boolean honest) {
    tally.add(Happened.EQUIVOCATION_SEEN);
    demand(!honest, () -> "A10 honest validator " + validator + " is accused");
  }

  void demand(boolean holds, Supplier<String> invariant) {
    if (!holds) {
      throw new InvariantBrokenException(invariant.get() + " (" + run + ")");
    }
  }

  /** Final blocks that anybody delivered. */
  int blocks() {
    return blocks;
  }

  private record Said(int validator, long view, VoteKind kind) {
    Said as(VoteKind other) {
      return new Said(validator, view, other);
    }
  }
}
