package dev.kith.ledger.block;

import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.codec.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The validators of one epoch: who they are, how many make a quorum, who leads which view, and
 * whether a vote or certificate is theirs. Immutable.
 */
public final class Committee {
  /** The largest committee. */
  public static final int SIZE_MAX = 30;

  private static final Bytes DOMAIN = Bytes.wrap("kith/ks/1".getBytes(StandardCharsets.US_ASCII));

  private final Bytes32 realmId;
  private final long epoch;
  private final List<Bytes> keys;
  private final int[] leaders;
  private final Bytes32 hash;
  private final SignatureScheme scheme;
  private final int quorumDelta;

  /**
   * @param keys compressed secp256k1 keys, in any order; they are sorted here
   * @param boundary digest of the block that the epoch begins after; it seeds the leaders' order
   */
  public Committee(
      Bytes32 realmId, long epoch, List<Bytes> keys, Bytes32 boundary, SignatureScheme scheme) {
    this(realmId, epoch, keys, boundary, scheme, 0);
  }

  /** A committee with a wrong quorum, for the simulator alone: it shows why the right one is. */
  public Committee(
      Bytes32 realmId,
      long epoch,
      List<Bytes> keys,
      Bytes32 boundary,
      SignatureScheme scheme,
      int quorumDelta) {
    if (keys.isEmpty() || keys.size() > SIZE_MAX) {
      throw new IllegalArgumentException("keys: " + keys.size());
    }
    List<Bytes> sorted = new ArrayList<>(keys);
    Collections.sort(sorted);
    this.realmId = realmId;
    this.epoch = epoch;
    this.keys = List.copyOf(sorted);
    this.scheme = scheme;
    this.quorumDelta = quorumDelta;
    hash = hash(sorted);
    leaders = permutation(sorted.size(), Hash.sha256(boundary, Bytes.ofUnsignedLong(epoch)));
  }

  public Bytes32 realmId() {
    return realmId;
  }

  public long epoch() {
    return epoch;
  }

  /** Sorted; a validator's index in this list names it in votes and certificates. */
  public List<Bytes> keys() {
    return keys;
  }

  public int size() {
    return keys.size();
  }

  /** Byzantine validators that it tolerates: floor((n - 1) / 3). */
  public int faults() {
    return faults(size());
  }

  /**
   * The smallest number such that two quorums share an honest validator: floor((n + f) / 2) + 1.
   */
  public int quorum() {
    return quorum(size()) + quorumDelta;
  }

  /**
   * How many validators have to be away before the epoch ends early without them: half of what it
   * can do without, so that there is a quorum left to end it.
   */
  public static int urgentAbsences(int size) {
    return Math.max(1, (size - quorum(size) + 1) / 2);
  }

  /** Byzantine validators that a committee of this size tolerates. */
  public static int faults(int size) {
    return (size - 1) / 3;
  }

  /** The quorum of a committee of this size. */
  public static int quorum(int size) {
    return (size + faults(size)) / 2 + 1;
  }

  /** SHA-256 over keys, sorted. */
  public static Bytes32 hash(List<Bytes> keys) {
    List<Bytes> sorted = new ArrayList<>(keys);
    Collections.sort(sorted);
    return Hash.sha256(sorted.toArray(Bytes[]::new));
  }

  /** SHA-256 over the keys, which headers carry. */
  public Bytes32 hash() {
    return hash;
  }

  /** Who proposes in a view. It depends on the epoch's boundary only, so all agree on it. */
  public int leader(long view) {
    return leaders[(int) ((view - 1) % size())];
  }

  /** What a validator signs: SHA-256(domain ‖ realm id ‖ incarnation u32 ‖ statement). */
  public Bytes32 signingHash(Statement statement) {
    return signingHash(realmId, statement);
  }

  /** {@link #signingHash(Statement)} for those who have no committee at hand. */
  public static Bytes32 signingHash(Bytes32 realmId, Statement statement) {
    Writer to = new Writer(128);
    to.fixed(DOMAIN).fixed(realmId).u32(0).u63(statement.epoch()).u63(statement.view());
    to.u8(statement.kind().number()).fixed(statement.digest());
    return Hash.sha256(to.toBytes());
  }

  public boolean verify(Vote vote) {
    return vote.statement().epoch() == epoch
        && vote.signer() < size()
        && scheme.verify(keys.get(vote.signer()), signingHash(vote.statement()), vote.signature());
  }

  /** Whether it has a quorum of valid signatures, and no signature that is not valid. */
  public boolean verify(Certificate certificate) {
    if (certificate.statement().epoch() != epoch
        || certificate.signers() >>> size() != 0
        || certificate.signatures().size() < quorum()) {
      return false;
    }
    Bytes32 signed = signingHash(certificate.statement());
    for (Vote vote : certificate.votes()) {
      if (!scheme.verify(keys.get(vote.signer()), signed, vote.signature())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Fisher-Yates, drawing from SHA-256(seed ‖ step). The first eight bytes modulo at most 30 are as
   * good as even.
   */
  private static int[] permutation(int size, Bytes32 seed) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    for (int i = size - 1; i > 0; i--) {
      long draw = Hash.sha256(seed, Bytes.ofUnsignedInt(i)).getLong(0);
      int j = (int) Long.remainderUnsigned(draw, i + 1L);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
