package dev.kith.libp2p.peerstore;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.record.PeerRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.tuweni.bytes.Bytes;

/**
 * The form in which a peer is written down: version u8 = 1; addresses (u16 count, each expiry u64
 * in milliseconds since 1970, u8 = 1 where certified, 2 where hearsay, u16 length, bytes);
 * protocols (u16 count, each as modified UTF-8 after its u16 length); key (u16 length, 0 for none);
 * envelope (u16 length, 0 for none); metadata (u8 count, each a name likewise, u16 length, bytes);
 * CRC-32C u32 of all that.
 */
final class PeerEntryCodec {
  private static final int VERSION = 1;
  private static final int CERTIFIED = 1;
  private static final int HEARD = 2;

  private PeerEntryCodec() {}

  static byte[] encode(PeerEntry entry) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeShort(entry.addresses.size());
      for (Map.Entry<Multiaddr, PeerEntry.Address> address : entry.addresses.entrySet()) {
        out.writeLong(address.getValue().expiry());
        out.writeByte(
            (address.getValue().certified() ? CERTIFIED : 0)
                | (address.getValue().heard() ? HEARD : 0));
        write(out, address.getKey().encoded());
      }
      out.writeShort(entry.protocols.size());
      for (String protocol : entry.protocols) {
        out.writeUTF(protocol);
      }
      write(out, entry.key == null ? Bytes.EMPTY : entry.key.encoded());
      write(out, entry.envelope == null ? Bytes.EMPTY : entry.envelope);
      out.writeByte(entry.metadata.size());
      for (Map.Entry<String, Bytes> metadata : entry.metadata.entrySet()) {
        out.writeUTF(metadata.getKey());
        write(out, metadata.getValue());
      }
      out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
  }

  private static void write(DataOutputStream out, Bytes bytes) throws IOException {
    out.writeShort(bytes.size());
    out.write(bytes.toArrayUnsafe());
  }

  /**
   * Reads {@link #encode}.
   *
   * @throws IOException when it is damaged, or of another version
   */
  static PeerEntry decode(byte[] encoded) throws IOException {
    int end = encoded.length - 4;
    DataInputStream sum =
        new DataInputStream(new ByteArrayInputStream(encoded, Math.max(0, end), 4));
    if (end < 1 || sum.readInt() != checksum(encoded, end)) {
      throw new IOException("a damaged entry");
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded, 0, end));
    if (in.readUnsignedByte() != VERSION) {
      throw new IOException("an entry of another version");
    }
    PeerEntry entry = new PeerEntry();
    int addresses = in.readUnsignedShort();
    for (int i = 0; i < addresses; i++) {
      long expiry = in.readLong();
      int flags = in.readUnsignedByte();
      // Earlier ones were confirmed later, as far as that is known.
      entry.add(
          List.of(Multiaddr.decode(read(in))),
          new PeerEntry.Address(expiry, -i, (flags & CERTIFIED) != 0, (flags & HEARD) != 0));
    }
    int protocols = in.readUnsignedShort();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < protocols; i++) {
      names.add(in.readUTF());
    }
    entry.protocols = List.copyOf(names);
    Bytes key = read(in);
    entry.key = key.isEmpty() ? null : Keys.decodePublic(key);
    Bytes envelope = read(in);
    if (!envelope.isEmpty()) {
      entry.envelope = envelope;
      entry.sequence = PeerRecord.open(envelope).sequence();
    }
    int metadata = in.readUnsignedByte();
    for (int i = 0; i < metadata; i++) {
      entry.metadata.put(in.readUTF(), read(in));
    }
    return entry;
  }

  private static Bytes read(DataInputStream in) throws IOException {
    int length = in.readUnsignedShort();
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new ProtocolViolationException("an entry that is cut off");
    }
    return Bytes.wrap(bytes);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(Arrays.copyOf(bytes, length));
    return (int) crc.getValue();
  }
}
