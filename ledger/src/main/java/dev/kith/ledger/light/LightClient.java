package dev.kith.ledger.light;

import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.block.SignatureScheme;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.proof.EpochLink;
import dev.kith.ledger.proof.FinalHeader;
import dev.kith.ledger.proof.Proof;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Follows a realm from an anchor, without executing anything. A header is accepted where a quorum
 * of a known committee finalized it. A committee becomes known by the link from the one before, or,
 * to skip epochs, if more than a third of the newest known one stand behind it: then at least one
 * honest validator does. That is worth something only while the old keys are still guarded, hence
 * the trust period.
 *
 * <p>A committee that was not replaced goes on: it vouches for later epochs with the same keys as
 * it would for the hand-overs between, so links are needed only where the keys changed.
 *
 * <p>Two final headers of one height, or of one view, exclude each other. Whoever shows both proves
 * that the committee broke; the client then freezes and keeps the evidence, as it cannot know which
 * is right. Not thread-safe.
 */
public final class LightClient {
  /** For how long the newest accepted header vouches for a committee that skips links. */
  public static final Duration TRUST_PERIOD = Duration.ofDays(7);

  /** How far a header's time may be ahead of the client's clock. */
  static final long DRIFT_MILLIS = 10_000;

  /** Final headers that are kept to notice a conflict. */
  static final int HEADERS_KEPT = 256;

  /** Committees that are kept, by epoch. */
  static final int COMMITTEES_KEPT = 64;

  private final Bytes32 realmId;
  private final SignatureScheme scheme;
  private final TreeMap<Long, Committee> committees = new TreeMap<>();
  private final LinkedHashMap<Long, FinalHeader> heights = new LinkedHashMap<>();
  private Optional<Header> newest = Optional.empty();
  private Optional<Conflict> conflict = Optional.empty();
  private long trustedMillis;

  public LightClient(Anchor anchor, SignatureScheme scheme) {
    this.scheme = scheme;
    realmId = anchor.realmId();
    committees.put(anchor.epoch(), anchor.committee(scheme));
    trustedMillis = anchor.timeMillis();
  }

  /** The highest header that was accepted. */
  public Optional<Header> newest() {
    return newest;
  }

  /** The committee of the newest epoch that is known. */
  public Committee committee() {
    return committees.lastEntry().getValue();
  }

  /** Why nothing is accepted any more. */
  public Optional<Conflict> conflict() {
    return conflict;
  }

  /**
   * @param nowMillis of this client's clock, since 1970
   */
  public Answer header(FinalHeader header, long nowMillis) {
    if (conflict.isPresent()) {
      return new Answer.Frozen(conflict.get());
    }
    Optional<Committee> of = voters(header.finalized());
    return of.isEmpty()
        ? new Answer.Refused(Answer.Reason.UNKNOWN_EPOCH)
        : accept(header, of.get(), nowMillis);
  }

  /** A proof; accepted together with the header that it stands under. */
  public Answer proof(Proof proof, long nowMillis) {
    Optional<Committee> of = voters(proof.at().finalized());
    if (conflict.isEmpty() && of.isPresent() && !proof.verify(of.get())) {
      return new Answer.Refused(Answer.Reason.NOT_PROVED);
    }
    return header(proof.at(), nowMillis);
  }

  /** The hand-over from a known committee to the next one. */
  public Answer link(EpochLink link, long nowMillis) {
    if (conflict.isPresent()) {
      return new Answer.Frozen(conflict.get());
    }
    Optional<Committee> of = voters(link.boundary().header());
    if (of.isEmpty()) {
      return new Answer.Refused(Answer.Reason.UNKNOWN_EPOCH);
    }
    Optional<Committee> next = link.next(of.get(), scheme);
    if (next.isEmpty()) {
      return new Answer.Refused(Answer.Reason.NOT_PROVED);
    }
    Answer answer = accept(link.boundary(), of.get(), nowMillis);
    if (answer instanceof Answer.Accepted) {
      learn(next.get());
    }
    return answer;
  }

  /**
   * Who could finalize a header: the newest committee up to its epoch, if it still has the keys.
   */
  private Optional<Committee> voters(Header header) {
    Map.Entry<Long, Committee> newestBefore = committees.floorEntry(header.epoch());
    if (newestBefore == null || !newestBefore.getValue().hash().equals(header.validators())) {
      return Optional.empty();
    }
    Committee known = newestBefore.getValue();
    return Optional.of(
        known.epoch() == header.epoch() ? known : committee(header.epoch(), known.keys()));
  }

  /** The leaders' order, which the digest of the boundary seeds, is not asked for. */
  private Committee committee(long epoch, List<Bytes> keys) {
    return new Committee(realmId, epoch, keys, realmId, scheme);
  }

  /**
   * A header of a later epoch, without the links between.
   *
   * @param keys of its committee, in order
   */
  public Answer skip(FinalHeader header, List<Bytes> keys, long nowMillis) {
    if (conflict.isPresent()) {
      return new Answer.Frozen(conflict.get());
    }
    Header finalized = header.finalized();
    Committee trusted = committee();
    if (finalized.epoch() <= trusted.epoch() || finalized.validators().equals(trusted.hash())) {
      return header(header, nowMillis);
    }
    if (keys.isEmpty()
        || keys.size() > Committee.SIZE_MAX
        || !finalized.validators().equals(Hash.sha256(keys.toArray(Bytes[]::new)))) {
      return new Answer.Refused(Answer.Reason.NOT_PROVED);
    }
    if (nowMillis - trustedMillis > TRUST_PERIOD.toMillis()) {
      return new Answer.Refused(Answer.Reason.TRUST_TOO_OLD);
    }
    Committee of = committee(finalized.epoch(), keys);
    long known =
        Conflict.signers(header, of).stream().filter(trusted.keys()::contains).distinct().count();
    if (known * 3 <= trusted.size()) {
      return new Answer.Refused(Answer.Reason.TOO_FEW_TRUSTED);
    }
    Answer answer = accept(header, of, nowMillis);
    if (answer instanceof Answer.Accepted) {
      learn(of);
    }
    return answer;
  }

  private void learn(Committee committee) {
    committees.putIfAbsent(committee.epoch(), committee);
    if (committees.size() > COMMITTEES_KEPT) {
      committees.pollFirstEntry();
    }
  }

  private Answer accept(FinalHeader header, Committee of, long nowMillis) {
    if (!header.verify(of)) {
      return new Answer.Refused(Answer.Reason.NOT_PROVED);
    }
    if (header.finalized().timeMillis() > nowMillis + DRIFT_MILLIS) {
      return new Answer.Refused(Answer.Reason.FROM_THE_FUTURE);
    }
    for (Header each : List.of(header.header(), header.finalized())) {
      Optional<FinalHeader> other = excluding(each);
      if (other.isPresent()) {
        Committee others = voters(other.get().finalized()).orElse(of);
        conflict = Optional.of(Conflict.of(other.get(), header, others, of));
        return new Answer.Frozen(conflict.get());
      }
    }
    keep(header.header(), header);
    if (!header.finalized().empty()) {
      keep(header.finalized(), header);
    }
    return new Answer.Accepted(header.header());
  }

  /**
   * What was accepted of the same height or the same view, and is another header. Blocks after the
   * end of an epoch are no part of the chain: the next epoch begins at their height.
   */
  private Optional<FinalHeader> excluding(Header header) {
    for (FinalHeader kept : heights.values()) {
      for (Header other : List.of(kept.header(), kept.finalized())) {
        boolean excludes =
            (other.height() == header.height() && other.empty() == header.empty())
                || (other.epoch() == header.epoch() && other.view() == header.view());
        if (excludes && !other.equals(header)) {
          return Optional.of(kept);
        }
      }
    }
    return Optional.empty();
  }

  private void keep(Header header, FinalHeader proof) {
    heights.putIfAbsent(header.height(), proof);
    if (heights.size() > HEADERS_KEPT) {
      heights.pollFirstEntry();
    }
    if (newest.isEmpty() || newest.get().height() < header.height()) {
      newest = Optional.of(header);
      trustedMillis = Math.max(trustedMillis, header.timeMillis());
    }
  }
}
