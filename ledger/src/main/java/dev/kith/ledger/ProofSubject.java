package dev.kith.ledger;

import dev.kith.libp2p.identity.PeerId;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** What can be proved: a row of the state, or that there is none, or a record on the chain. */
public sealed interface ProofSubject {
  /** That a peer is a member; the row is its index. */
  record OfMember(PeerId peer) implements ProofSubject {}

  /** A group's row in the chunk map. */
  record OfGroup(Bytes32 group) implements ProofSubject {}

  /**
   * The root of an owner's names.
   *
   * @param owner 33 bytes
   */
  record OfNamespace(Bytes owner) implements ProofSubject {}

  /** How a job was opened. */
  record OfTask(Bytes32 task) implements ProofSubject {}

  /** A job's lease, and its end where it has one. */
  record OfProgress(Bytes32 task) implements ProofSubject {}

  /**
   * That a ticket was spent.
   *
   * @param key 33 bytes
   */
  record OfTicket(Bytes key) implements ProofSubject {}

  /**
   * A record on the chain.
   *
   * @param position in its block, from 0
   */
  record OfRecord(long height, int position) implements ProofSubject {}
}
