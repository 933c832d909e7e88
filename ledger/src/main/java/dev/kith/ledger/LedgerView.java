package dev.kith.ledger;

import dev.kith.libp2p.identity.PeerId;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A read-only look at executed state. Queries see the newest final block at the time of the call.
 */
public interface LedgerView {
  long height();

  /** Chain time of the newest final block, milliseconds since 1970. */
  long timeMillis();

  Optional<Member> member(PeerId peer);

  /** The member with this index; indices are given in the order of joining and never reused. */
  Optional<Member> member(int index);

  List<Member> members();

  /** The present epoch and its committee. */
  CommitteeRow committee();

  /** Whether a member joined with the ticket of this one-use key, 33 bytes. */
  boolean ticketSpent(Bytes key);

  Optional<GroupRow> group(Bytes32 group);

  List<GroupRow> groupsOfOwner(Bytes owner);

  List<GroupRow> groupsHeldBy(int member);

  Optional<NamespaceRow> namespace(Bytes owner);

  Optional<TaskRow> task(Bytes32 task);

  /** Newest first. */
  List<TaskRow> tasks();
}
