package dev.kith.ledger;

import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.MemberPut;
import dev.kith.ledger.record.Signatures;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Devices, owners and realms for tests; the same number gives the same key. */
public final class TestMembers {
  /** Owner of every device that no test gives to another. */
  public static final Secp256k1PrivateKey OWNER = Keys.secp256k1FromSeed(1_000_000);

  private TestMembers() {}

  public static Secp256k1PrivateKey device(int number) {
    return Keys.secp256k1FromSeed(number);
  }

  public static PeerId peer(int number) {
    return device(number).publicKey().peerId();
  }

  public static Bytes ownerKey() {
    return OWNER.publicKey().raw();
  }

  public static DeviceGrant grant(Bytes32 realmId, Secp256k1PrivateKey owner, PeerId device) {
    Bytes key = owner.publicKey().raw();
    Bytes wrapped = Bytes.fromHexString("0x0102");
    Bytes message = DeviceGrant.message(realmId, key, device, 1, wrapped);
    return new DeviceGrant(key, device, 1, wrapped, Signatures.sign(owner, message));
  }

  /** A realm of this many devices, of which the first are its committee. */
  public static Genesis genesis(int members, int validators) {
    return genesis(members, validators, Genesis.Parameters.LAN);
  }

  public static Genesis genesis(int members, int validators, Genesis.Parameters parameters) {
    List<Genesis.Founder> founders =
        IntStream.range(0, members)
            .mapToObj(
                i ->
                    new Genesis.Founder(
                        peer(i), "peer-" + i, "", grant(Bytes32.ZERO, OWNER, peer(i))))
            .toList();
    return new Genesis(
        "test",
        1_700_000_000_000L,
        founders,
        IntStream.range(0, validators).boxed().toList(),
        parameters);
  }

  /** How a new device joins with a ticket of an existing one. */
  public static MemberPut join(
      Bytes32 realmId, int device, int inviter, int ticket, long expiresMillis) {
    Secp256k1PrivateKey key = Keys.secp256k1FromSeed(2_000_000 + ticket);
    Bytes ticketKey = key.publicKey().raw();
    Bytes invited =
        Signatures.sign(
            device(inviter), MemberPut.Invitation.message(realmId, ticketKey, expiresMillis, true));
    return new MemberPut(
        peer(device),
        "peer-" + device,
        "",
        grant(realmId, OWNER, peer(device)),
        new MemberPut.Invitation(ticketKey, expiresMillis, peer(inviter), true, invited),
        Signatures.sign(key, MemberPut.ticketMessage(realmId, peer(device))));
  }
}
