package dev.kith.ledger.replica;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.simplex.Message;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** What validators send one another: a type u8, then fields as {@link #encode} lays them out. */
sealed interface MeshMessage {
  /** The longest message: a proposal with its inline batches. */
  int BYTES_MAX = 256 * 1024;

  /** Batches that a proposal carries along, together, in bytes. */
  int INLINE_BYTES_MAX = 64 * 1024;

  /** Digests in one announcement or request. */
  int DIGESTS_MAX = 256;

  /**
   * A message of the consensus.
   *
   * @param epoch that the sender is in
   * @param inline batches of a proposal that the others may not have yet
   */
  record Consensus(long epoch, Message message, List<Batch> inline) implements MeshMessage {}

  /** A batch that wants to get on the chain, or that was asked for. */
  record Push(Batch batch) implements MeshMessage {}

  /** Batches that the sender holds and that have waited for a while. */
  record Have(List<Bytes32> digests) implements MeshMessage {}

  record GetBatches(List<Bytes32> digests) implements MeshMessage {}

  /** Whether it may wait behind votes. */
  default boolean bulk() {
    return !(this instanceof Consensus);
  }

  default Bytes encode() {
    Writer to = new Writer(512);
    switch (this) {
      case Consensus(long epoch, Message message, List<Batch> inline) -> {
        to.u8(type(message)).u63(epoch);
        write(to, message, inline);
      }
      case Push(Batch batch) -> to.u8(8).bytes32(batch.encoded());
      case Have(List<Bytes32> digests) -> write(to.u8(9), digests);
      case GetBatches(List<Bytes32> digests) -> write(to.u8(10), digests);
    }
    return to.toBytes();
  }

  private static int type(Message message) {
    return switch (message) {
      case Message.Propose m -> 1;
      case Message.CastVote m -> 2;
      case Message.ShowCertificate m -> 3;
      case Message.GetCertificate m -> 4;
      case Message.GetBlock m -> 5;
      case Message.FoundBlock m -> 6;
      case Message.Status m -> 7;
    };
  }

  private static void write(Writer to, Message message, List<Batch> inline) {
    switch (message) {
      case Message.Propose(Block block, Vote vote) -> {
        block.write(to);
        vote.write(to);
        to.u16(inline.size());
        inline.forEach(batch -> to.bytes32(batch.encoded()));
      }
      case Message.CastVote(Vote vote) -> vote.write(to);
      case Message.ShowCertificate(Certificate certificate) -> certificate.write(to);
      case Message.GetCertificate(long view) -> to.u63(view);
      case Message.GetBlock(Bytes32 digest) -> to.fixed(digest);
      case Message.FoundBlock(Block block) -> block.write(to);
      case Message.Status status -> {
        to.u63(status.view()).u63(status.finalizedView()).u63(status.finalHeight());
        write(to, status.entry());
        write(to, status.finalization());
      }
    }
  }

  private static void write(Writer to, Optional<Certificate> certificate) {
    to.u8(certificate.isPresent() ? 1 : 0);
    certificate.ifPresent(c -> c.write(to));
  }

  private static void write(Writer to, List<Bytes32> digests) {
    to.u16(digests.size());
    digests.forEach(to::fixed);
  }

  static MeshMessage decode(Bytes bytes) throws DecodeException {
    return Reader.whole(bytes, MeshMessage::read);
  }

  private static MeshMessage read(Reader from) throws DecodeException {
    int type = from.u8();
    return switch (type) {
      case 1, 2, 3, 4, 5, 6, 7 -> consensus(from, type);
      case 8 -> new Push(Batch.decode(from.bytes32(Batch.BYTES_MAX)));
      case 9 -> new Have(from.list16(DIGESTS_MAX, Reader::hash));
      case 10 -> new GetBatches(from.list16(DIGESTS_MAX, Reader::hash));
      default -> throw new DecodeException("no message has the type " + type);
    };
  }

  private static Consensus consensus(Reader from, int type) throws DecodeException {
    long epoch = from.u63();
    Message message =
        switch (type) {
          case 1 -> new Message.Propose(Block.read(from), Vote.read(from));
          case 2 -> new Message.CastVote(Vote.read(from));
          case 3 -> new Message.ShowCertificate(Certificate.read(from));
          case 4 -> new Message.GetCertificate(from.u63());
          case 5 -> new Message.GetBlock(from.hash());
          case 6 -> new Message.FoundBlock(Block.read(from));
          default ->
              new Message.Status(
                  from.u63(), from.u63(), from.u63(), optional(from), optional(from));
        };
    List<Batch> inline =
        type == 1
            ? from.list16(Block.BATCHES_MAX, r -> Batch.decode(r.bytes32(Batch.BYTES_MAX)))
            : List.of();
    return new Consensus(epoch, message, inline);
  }

  private static Optional<Certificate> optional(Reader from) throws DecodeException {
    return switch (from.u8()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(Certificate.read(from));
      default -> throw new DecodeException("neither present nor absent");
    };
  }
}
