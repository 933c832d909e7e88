package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Vote;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/** What validators tell one another. */
public sealed interface Message {
  /** A leader's block, with its notarize vote, which signs it. */
  record Propose(Block block, Vote vote) implements Message {}

  record CastVote(Vote vote) implements Message {}

  record ShowCertificate(Certificate certificate) implements Message {}

  /** Asks for what the other side holds of a view: notarization, nullification, finalization. */
  record GetCertificate(long view) implements Message {}

  /** Asks for a block that is not final yet, or has been for a short while. */
  record GetBlock(Bytes32 digest) implements Message {}

  record FoundBlock(Block block) implements Message {}

  /**
   * Where a validator stands. Only the certificates within are believed; the numbers are hints.
   *
   * @param entry why the sender is in its view
   * @param finalization the newest that it knows
   */
  record Status(
      long view,
      long finalizedView,
      long finalHeight,
      Optional<Certificate> entry,
      Optional<Certificate> finalization)
      implements Message {}
}
