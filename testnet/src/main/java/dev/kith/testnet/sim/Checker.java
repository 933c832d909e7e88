package dev.kith.testnet.sim;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Finality;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.block.VoteKind;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Watches from above what must never happen (docs/ledger.md, invariants A1 to A8). It sees honest
 * members' deliveries, votes and certificates, across restarts.
 */
final class Checker {
  private final String run;
  private final Map<Long, Bytes32> finals = new HashMap<>();
  private final Map<Place, Bytes32> notarized = new HashMap<>();
  private final Map<Place, VoteKind> decided = new HashMap<>();
  private final Map<Said, Statement> said = new HashMap<>();
  private final Tally tally;
  private int blocks;

  Checker(String run, Tally tally) {
    this.run = run;
    this.tally = tally;
  }

  /** A1, A5, A6: honest members deliver one chain, and can prove each of its blocks. */
  void delivered(int validator, Era era, Block block, Finality finality, Bytes32 parent) {
    Bytes32 known = finals.putIfAbsent(block.height(), block.digest());
    demand(
        known == null || known.equals(block.digest()),
        () -> "A1 agreement: validator " + validator + " delivers another " + block);
    demand(
        block.header().parentDigest().equals(parent),
        () -> "A1 chain: validator " + validator + " delivers " + block + " beside its chain");
    demand(
        finality.proves(block, era.committee()),
        () -> "A5 proof: validator " + validator + " cannot prove " + block);
    demand(
        !block.header().empty() && block.header().epoch() == era.epoch(),
        () -> "A8 epoch: validator " + validator + " delivers after the end " + block);
    if (block.header().ends()) {
      demand(
          finality.descendants().stream().allMatch(Header::empty),
          () -> "A8 epoch: more than empty blocks after " + block);
    }
    if (known == null) {
      if (block.header().ends()) {
        tally.add(Happened.EPOCH_ENDED);
        if (!finality.descendants().isEmpty()) {
          tally.add(Happened.END_BY_AN_EMPTY_BLOCK);
        }
      }
      blocks++;
      tally.add(Happened.BLOCK_FINAL);
      if (block.header().view() > block.header().parentView() + 1) {
        tally.add(Happened.BLOCK_OVER_A_GAP);
      }
    }
  }

  /** A2, A3: a view has one notarized block, and is not both skipped and final. */
  void shown(Certificate certificate) {
    Place view = new Place(certificate.statement().epoch(), certificate.view());
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
  void cast(int validator, Era era, Vote vote, Disk disk) {
    demand(
        vote.statement().epoch() == era.epoch() && era.seats().get(vote.signer()) == validator,
        () -> "A8 epoch: validator " + validator + " votes without a seat: " + vote.statement());
    demand(
        disk.holds(vote.statement()),
        () ->
            "A7 validator "
                + vote.signer()
                + " says what it did not write down: "
                + vote.statement());
    Said place = new Said(vote.signer(), vote.statement().epoch(), vote.view(), vote.kind());
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

  private record Place(long epoch, long view) {}

  private record Said(int signer, long epoch, long view, VoteKind kind) {
    Said as(VoteKind other) {
      return new Said(signer, epoch, view, other);
    }
  }
}
