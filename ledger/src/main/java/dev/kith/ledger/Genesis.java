package dev.kith.ledger;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.libp2p.identity.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * What a realm begins with. The realm's id is the hash of its encoding, so no two realms that
 * differ in anything share an id.
 *
 * @param name what people call the realm; at most 64 bytes of UTF-8
 * @param createdMillis chain time of the beginning, milliseconds since 1970
 * @param members the first members, who get the indices 0, 1, ...; 1 to 256
 * @param committee indices of the validators: a size of {@link #COMMITTEE_SIZES}
 */
public record Genesis(
    String name,
    long createdMillis,
    List<Founder> members,
    List<Integer> committee,
    Parameters parameters) {
  /** Sizes that tolerate the most absent validators for their number (ledger protocol, 3.1). */
  public static final List<Integer> COMMITTEE_SIZES =
      List.of(1, 3, 4, 6, 9, 12, 15, 18, 21, 24, 27, 30);

  /** Members that a genesis may name. */
  public static final int MEMBERS_MAX = 256;

  /** The longest encoding: {@link #MEMBERS_MAX} members of at most 560 bytes each. */
  public static final int BYTES_MAX = 160 * 1024;

  private static final Bytes MAGIC = Bytes.wrap("KITHGEN1".getBytes(StandardCharsets.US_ASCII));
  private static final int TEXT_BYTES_MAX = 64;

  public Genesis {
    text("name", name);
    members = List.copyOf(members);
    committee = List.copyOf(committee);
    if (createdMillis < 0) {
      throw new IllegalArgumentException("createdMillis: " + createdMillis);
    }
    if (members.isEmpty() || members.size() > MEMBERS_MAX) {
      throw new IllegalArgumentException("members: " + members.size());
    }
    if (members.stream().map(Founder::peer).distinct().count() != members.size()) {
      throw new IllegalArgumentException("members: one peer twice");
    }
    if (!COMMITTEE_SIZES.contains(committee.size())) {
      throw new IllegalArgumentException("committee: no committee has " + committee.size());
    }
    Set<Integer> seats = new HashSet<>();
    for (int index : committee) {
      if (index < 0 || index >= members.size() || !seats.add(index)) {
        throw new IllegalArgumentException("committee: index " + index);
      }
    }
  }

  /** The largest committee for this many peers that the first version forms: 1, 3 or 4. */
  public static int committeeSizeFor(int peers) {
    return peers >= 4 ? 4 : peers == 3 ? 3 : 1;
  }

  /** SHA-256 of the encoding. */
  public Bytes32 realmId() {
    return Hash.sha256(encode());
  }

  /** The validators' peer ids, in the order of {@link #committee}. */
  public List<PeerId> validators() {
    return committee.stream().map(index -> members.get(index).peer()).toList();
  }

  /**
   * magic (8) ‖ name ‖ created u64 ‖ members (u16 count, each: peer (33), name, site, grant) ‖
   * committee (u8 count, each u16) ‖ parameters (4 u32); texts have a u16 length.
   */
  public Bytes encode() {
    Writer to = new Writer(1024);
    to.fixed(MAGIC).text(name).u63(createdMillis).u16(members.size());
    for (Founder member : members) {
      LedgerKey.write(to, member.peer);
      to.text(member.name).text(member.site);
      member.grant.write(to);
    }
    to.u8(committee.size());
    committee.forEach(to::u16);
    to.u32(parameters.deltaMillis).u32(parameters.deltaMaxMillis);
    to.u32(parameters.heartbeatActiveMillis).u32(parameters.heartbeatIdleMillis);
    return to.toBytes();
  }

  /** The genesis that these bytes, and nothing more, encode. */
  public static Genesis decode(Bytes bytes) throws DecodeException {
    if (bytes.size() > BYTES_MAX) {
      throw new DecodeException("a genesis of " + bytes.size() + " bytes");
    }
    return Reader.whole(bytes, Genesis::read);
  }

  private static Genesis read(Reader from) throws DecodeException {
    if (!from.fixed(MAGIC.size()).equals(MAGIC)) {
      throw new DecodeException("not a genesis, or one of another version");
    }
    return new Genesis(
        from.text(TEXT_BYTES_MAX),
        from.u63(),
        from.list16(
            MEMBERS_MAX,
            r ->
                new Founder(
                    LedgerKey.read(r),
                    r.text(TEXT_BYTES_MAX),
                    r.text(TEXT_BYTES_MAX),
                    DeviceGrant.read(r))),
        from.list8(COMMITTEE_SIZES.getLast(), Reader::u16),
        new Parameters(from.u32(), from.u32(), from.u32(), from.u32()));
  }

  private static void text(String field, String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > TEXT_BYTES_MAX) {
      throw new IllegalArgumentException(field + ": above " + TEXT_BYTES_MAX + " bytes");
    }
  }

  /**
   * A member from the beginning.
   *
   * @param peer a secp256k1 PeerId
   * @param name what people call the device; at most 64 bytes of UTF-8
   * @param site the declared site, or empty; at most 64 bytes of UTF-8
   * @param grant signed over a realm id of zeros
   */
  public record Founder(PeerId peer, String name, String site, DeviceGrant grant) {
    public Founder {
      LedgerKey.of(peer);
      text("name", name);
      text("site", site);
      if (!grant.device().equals(peer)) {
        throw new IllegalArgumentException("grant: for another device");
      }
    }
  }

  /**
   * Timing of the consensus (ledger protocol, 3.6).
   *
   * @param deltaMillis assumed bound on a message's way, the unit of the time-outs; 10 to 10,000
   * @param deltaMaxMillis what it grows to while views fail
   * @param heartbeatActiveMillis an empty block follows the last block after this long, in the
   *     minute after a block with records
   * @param heartbeatIdleMillis the same, later
   */
  public record Parameters(
      int deltaMillis, int deltaMaxMillis, int heartbeatActiveMillis, int heartbeatIdleMillis) {
    /** For peers on one machine or one local network. */
    public static final Parameters LAN = new Parameters(200, 3_000, 10_000, 60_000);

    /** For peers spread over the internet. */
    public static final Parameters WAN = new Parameters(500, 3_000, 10_000, 60_000);

    public Parameters {
      if (deltaMillis < 10 || deltaMillis > 10_000 || deltaMaxMillis < deltaMillis) {
        throw new IllegalArgumentException("deltaMillis: " + deltaMillis);
      }
      if (heartbeatActiveMillis < 100 || heartbeatIdleMillis < heartbeatActiveMillis) {
        throw new IllegalArgumentException("heartbeatActiveMillis: " + heartbeatActiveMillis);
      }
    }
  }
}
