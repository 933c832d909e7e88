package dev.kith.ledger.state;

import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Keys of the state: a byte that tells the kind, then the id. Kinds below 0x80 enter the state
 * root; those from 0x80 on are indexes that follow from them.
 */
final class StateKeys {
  /** First byte of keys that do not enter the state root. */
  static final int DERIVED = 0x80;

  static final Bytes MEMBER_COUNT = Bytes.of('#');

  /** Which epoch it is. */
  static final Bytes EPOCH = Bytes.of('E');

  /** How the validators of this epoch behave. */
  static final Bytes CONDUCT = Bytes.of('c');

  /** Members without a seat that are willing to validate. */
  static final Bytes STANDBYS = Bytes.of('y');

  private static final Bytes GROUPS_OF_OWNER = Bytes.of(0x80);
  private static final Bytes GROUPS_OF_HOLDER = Bytes.of(0x81);
  private static final Bytes TASKS_BY_TIME = Bytes.of(0x82);
  private static final Bytes GROUPS_OF_PUT = Bytes.of(0x83);

  private static final Bytes HISTORY = Bytes.of(0xFD);

  private StateKeys() {}

  static Bytes member(int index) {
    return Bytes.concatenate(Bytes.of('m'), Bytes.ofUnsignedShort(index));
  }

  static Bytes memberIndex(Bytes key) {
    return Bytes.concatenate(Bytes.of('k'), key);
  }

  static Bytes offer(int member) {
    return Bytes.concatenate(Bytes.of('o'), Bytes.ofUnsignedShort(member));
  }

  static Bytes ticket(Bytes key) {
    return Bytes.concatenate(Bytes.of('t'), key);
  }

  static Bytes sequences(Bytes author) {
    return Bytes.concatenate(Bytes.of('s'), author);
  }

  static Bytes group(Bytes32 group) {
    return Bytes.concatenate(Bytes.of('g'), group);
  }

  static Bytes deadGroup(Bytes32 group) {
    return Bytes.concatenate(Bytes.of('d'), group);
  }

  static Bytes committedPut(Bytes owner, Bytes putId) {
    return Bytes.concatenate(Bytes.of('p'), owner, putId);
  }

  static Bytes namespace(Bytes owner) {
    return Bytes.concatenate(Bytes.of('n'), owner);
  }

  static Bytes task(Bytes32 task) {
    return Bytes.concatenate(Bytes.of('j'), task);
  }

  static Bytes progress(Bytes32 task) {
    return Bytes.concatenate(Bytes.of('l'), task);
  }

  static Bytes responders(Bytes32 task) {
    return Bytes.concatenate(Bytes.of('r'), task);
  }

  static Bytes responder(Bytes32 task, int part) {
    return Bytes.concatenate(Bytes.of('r'), task, Bytes.ofUnsignedInt(part));
  }

  /** An epoch's committee; kept for ever, as evidence and proofs refer to it. */
  static Bytes epoch(long number) {
    return Bytes.concatenate(Bytes.of('e'), Bytes.ofUnsignedLong(number));
  }

  /** What keeps a member from a seat for a while. */
  static Bytes ban(int member) {
    return Bytes.concatenate(Bytes.of('x'), Bytes.ofUnsignedShort(member));
  }

  static Bytes groupsOfOwner(Bytes owner) {
    return Bytes.concatenate(GROUPS_OF_OWNER, owner);
  }

  static Bytes groupsOfHolder(int member) {
    return Bytes.concatenate(GROUPS_OF_HOLDER, Bytes.ofUnsignedShort(member));
  }

  /** How many rows the chunk map has of a put. */
  static Bytes groupCount(Bytes owner, Bytes putId) {
    return Bytes.concatenate(GROUPS_OF_PUT, owner, putId);
  }

  /** Newest first: the height counts down. */
  static Bytes taskByTime(long height, Bytes32 task) {
    return Bytes.concatenate(TASKS_BY_TIME, Bytes.ofUnsignedLong(Long.MAX_VALUE - height), task);
  }

  static Bytes tasksByTime() {
    return TASKS_BY_TIME;
  }

  /** A full tree over headers. */
  static Bytes history(int level, long index) {
    return Bytes.concatenate(HISTORY, Bytes.of(level), Bytes.ofUnsignedLong(index));
  }
}
