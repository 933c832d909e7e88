package dev.kith.ledger.state;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.libp2p.identity.PeerId;
import org.apache.tuweni.bytes.Bytes;

/** A member as the state keeps it; its offer is a row of its own. */
record MemberRow(PeerId peer, String name, String site, DeviceGrant grant, long joinedHeight) {
  private static final int TEXT_BYTES_MAX = 64;

  /** peer (33) ‖ name ‖ site (u16 length) ‖ grant ‖ height u64. */
  Bytes encode() {
    Writer to = new Writer(512);
    LedgerKey.write(to, peer);
    to.text(name).text(site);
    grant.write(to);
    return to.u63(joinedHeight).toBytes();
  }

  static MemberRow decode(Bytes bytes) throws DecodeException {
    return Reader.whole(
        bytes,
        from ->
            new MemberRow(
                LedgerKey.read(from),
                from.text(TEXT_BYTES_MAX),
                from.text(TEXT_BYTES_MAX),
                DeviceGrant.read(from),
                from.u63()));
  }
}
