package dev.kith.ledger.block;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The head of a block. Its digest is the block's name.
 *
 * @param view in which it was proposed
 * @param height of the block; its parent's plus one
 * @param parentView 0 where the parent is the genesis, or the last block of the epoch before
 * @param parentDigest the realm id where the parent is the genesis
 * @param timeMillis later than the parent's
 * @param proposer index in the committee
 * @param bodyRoot Merkle root over the batch references
 * @param bodyBytes sum of the batches' lengths
 * @param records number of records in them
 * @param stateRoot after this block
 * @param historyRoot over the digests of all headers up to the parent
 * @param validators hash of the committee that votes on it
 * @param nextValidators hash of the next epoch's committee where this block ends the epoch, else
 *     zero
 * @param flags {@link #END}, {@link #EMPTY}, {@link #URGENT}
 * @param attendance bit i is set where the proposer saw validator i vote of late; zero where it
 *     claims nothing
 */
public record Header(
    Bytes32 realmId,
    long epoch,
    long view,
    long height,
    long parentView,
    Bytes32 parentDigest,
    long timeMillis,
    int proposer,
    Bytes32 bodyRoot,
    int bodyBytes,
    int records,
    Bytes32 stateRoot,
    Bytes32 historyRoot,
    Bytes32 validators,
    Bytes32 nextValidators,
    int flags,
    int attendance) {
  /** Length of every encoded header. */
  public static final int BYTES = 2 + 32 + 4 + 4 * 8 + 32 + 8 + 1 + 32 + 4 + 2 + 4 * 32 + 1 + 4;

  /** The last block of its epoch. */
  public static final int END = 1;

  /** Follows the last block of the epoch, in that epoch: helps it to become final, no more. */
  public static final int EMPTY = 2;

  /** Together with {@link #END}: the epoch ends before its time. */
  public static final int URGENT = 4;

  private static final int VERSION = 2;
  private static final int INCARNATION = 0;

  public Header {
    if (epoch < 0 || view < 1 || height < 1 || parentView < 0 || parentView >= view) {
      throw new IllegalArgumentException("view: " + view + " after " + parentView);
    }
    if (timeMillis < 0 || proposer < 0 || proposer >= Committee.SIZE_MAX) {
      throw new IllegalArgumentException("proposer: " + proposer + " at " + timeMillis);
    }
    boolean knownFlags = flags == 0 || flags == END || flags == (END | URGENT) || flags == EMPTY;
    if (!knownFlags || nextValidators.isZero() == ((flags & END) != 0)) {
      throw new IllegalArgumentException("flags: " + flags);
    }
    if (flags == EMPTY && (records != 0 || bodyBytes != 0)) {
      throw new IllegalArgumentException("records: " + records + " after the epoch's end");
    }
    if (attendance >>> Committee.SIZE_MAX != 0) {
      throw new IllegalArgumentException("attendance: " + Integer.toBinaryString(attendance));
    }
  }

  /** A header of a block within an epoch that claims no attendance. */
  public static Header of(
      Committee committee,
      long view,
      ChainPoint parent,
      long timeMillis,
      Bytes32 bodyRoot,
      int bodyBytes,
      int records,
      Bytes32 stateRoot,
      Bytes32 historyRoot) {
    return new Header(
        committee.realmId(),
        committee.epoch(),
        view,
        parent.height() + 1,
        parent.view(),
        parent.digest(),
        timeMillis,
        committee.leader(view),
        bodyRoot,
        bodyBytes,
        records,
        stateRoot,
        historyRoot,
        committee.hash(),
        Bytes32.ZERO,
        0,
        0);
  }

  /** The same header where the epoch ends with it, or did before it, and with a claim. */
  public Header with(int newFlags, Bytes32 newNextValidators, int newAttendance) {
    return new Header(
        realmId,
        epoch,
        view,
        height,
        parentView,
        parentDigest,
        timeMillis,
        proposer,
        bodyRoot,
        bodyBytes,
        records,
        stateRoot,
        historyRoot,
        validators,
        newNextValidators,
        newFlags,
        newAttendance);
  }

  /** Whether the epoch ends with this block. */
  public boolean ends() {
    return (flags & END) != 0;
  }

  /** Whether this block comes after its epoch's last one, and so is no part of the chain. */
  public boolean empty() {
    return flags == EMPTY;
  }

  /** This block as a parent, where the digest is known. */
  ChainPoint point(Bytes32 digest) {
    return new ChainPoint(digest, view, height, timeMillis, records, ends() || empty());
  }

  /** SHA-256 of the encoding. Computed anew by each call: {@link Block} keeps it. */
  public Bytes32 digest() {
    return Hash.sha256(encode());
  }

  /**
   * Whether it may follow {@code parent} as far as headers tell: linked to it, one higher, later,
   * by the leader of its view, and empty where the epoch is over.
   */
  public boolean follows(ChainPoint parent, Committee committee) {
    return realmId.equals(committee.realmId())
        && epoch == committee.epoch()
        && validators.equals(committee.hash())
        && proposer == committee.leader(view)
        && parentDigest.equals(parent.digest())
        && parentView == parent.view()
        && height == parent.height() + 1
        && empty() == parent.ended()
        && attendance >>> committee.size() == 0
        && timeMillis > parent.timeMillis();
  }

  public Bytes encode() {
    Writer to = new Writer(BYTES);
    write(to);
    return to.toBytes();
  }

  /**
   * version u16 ‖ realm id (32) ‖ incarnation u32 ‖ epoch, view, height, parent view u64 ‖ parent
   * (32) ‖ time u64 ‖ proposer u8 ‖ body root (32) ‖ body bytes u32 ‖ records u16 ‖ state root,
   * history root, validators, next validators (32 each) ‖ flags u8 ‖ attendance u32.
   */
  public void write(Writer to) {
    to.u16(VERSION).fixed(realmId).u32(INCARNATION);
    to.u63(epoch).u63(view).u63(height).u63(parentView).fixed(parentDigest).u63(timeMillis);
    to.u8(proposer).fixed(bodyRoot).u32(bodyBytes).u16(records);
    to.fixed(stateRoot).fixed(historyRoot).fixed(validators).fixed(nextValidators);
    to.u8(flags).u32(attendance);
  }

  public static Header read(Reader from) throws DecodeException {
    if (from.u16() != VERSION) {
      throw new DecodeException("a header of another version");
    }
    Bytes32 realmId = from.hash();
    if (from.u32() != INCARNATION) {
      throw new DecodeException("a header of another incarnation");
    }
    return new Header(
        realmId,
        from.u63(),
        from.u63(),
        from.u63(),
        from.u63(),
        from.hash(),
        from.u63(),
        from.u8(),
        from.hash(),
        from.u32(),
        from.u16(),
        from.hash(),
        from.hash(),
        from.hash(),
        from.hash(),
        from.u8(),
        from.u32());
  }
}
