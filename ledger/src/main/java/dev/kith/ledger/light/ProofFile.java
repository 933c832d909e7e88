package dev.kith.ledger.light;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.proof.EpochLink;
import dev.kith.ledger.proof.Proof;
import dev.kith.ledger.record.Signatures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A proof with everything that somebody needs who knows the realm's id and nothing else: the
 * genesis, whose hash that is, and the hand-overs from its committee to the one that finalized.
 */
public record ProofFile(Genesis genesis, List<EpochLink> links, Proof proof) {
  /** Hand-overs in one file. Who needs more begins at a checkpoint. */
  public static final int LINKS_MAX = 1_024;

  /** The longest file that is read. */
  public static final int BYTES_MAX = 8 << 20;

  private static final Bytes MAGIC = Bytes.wrap("kithprf1".getBytes(StandardCharsets.US_ASCII));

  public ProofFile {
    links = List.copyOf(links);
    if (links.size() > LINKS_MAX) {
      throw new IllegalArgumentException("links: " + links.size());
    }
  }

  /**
   * Checks it as a light client that knows the realm's id would.
   *
   * @param nowMillis since 1970
   */
  public Answer verify(Bytes32 realmId, long nowMillis) {
    if (!genesis.realmId().equals(realmId)) {
      return new Answer.Refused(Answer.Reason.NOT_PROVED);
    }
    return verify(Anchor.of(genesis), nowMillis);
  }

  /** Checks it from a checkpoint; what leads there is not needed. */
  public Answer verify(Anchor anchor, long nowMillis) {
    LightClient client = new LightClient(anchor, Signatures::verifyHash);
    for (EpochLink link : links) {
      if (link.boundary().header().epoch() >= anchor.epoch()) {
        Answer answer = client.link(link, nowMillis);
        if (!(answer instanceof Answer.Accepted)) {
          return answer;
        }
      }
    }
    return client.proof(proof, nowMillis);
  }

  /** magic (8) ‖ genesis (u32 length) ‖ links (u16 count) ‖ proof. */
  public Bytes encode() {
    Writer to = new Writer(4096);
    to.fixed(MAGIC).bytes32(genesis.encode()).u16(links.size());
    links.forEach(link -> link.write(to));
    proof.write(to);
    return to.toBytes();
  }

  public static ProofFile decode(Bytes bytes) throws DecodeException {
    if (bytes.size() > BYTES_MAX) {
      throw new DecodeException("a proof file of " + bytes.size() + " bytes");
    }
    return Reader.whole(
        bytes,
        from -> {
          if (!from.fixed(MAGIC.size()).equals(MAGIC)) {
            throw new DecodeException("not a proof, or one of another version");
          }
          return new ProofFile(
              Genesis.decode(from.bytes32(Genesis.BYTES_MAX)),
              from.list16(LINKS_MAX, EpochLink::read),
              Proof.read(from));
        });
  }
}
