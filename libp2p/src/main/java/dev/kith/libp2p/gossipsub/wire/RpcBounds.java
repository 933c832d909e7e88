package dev.kith.libp2p.gossipsub.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.kith.libp2p.ProtocolViolationException;
import java.io.IOException;

/**
 * Counts the fields of an RPC before anything of it is built: a mebibyte of empty ones would become
 * a hundred on the heap.
 */
final class RpcBounds {
  /** Eight IHAVEs of 5,000 ids, the most that go-libp2p puts into one. */
  static final int FIELDS_MAX = 40_000;

  /** The messages of gossipsub.proto that have messages in them, and which. */
  private enum Kind {
    LEAF,
    PRUNE,
    CONTROL,
    RPC;

    Kind of(int field) {
      return switch (this) {
        case RPC -> field == 3 ? CONTROL : LEAF;
        case CONTROL -> field == 4 ? PRUNE : LEAF;
        case PRUNE, LEAF -> LEAF;
      };
    }

    boolean nested(int field) {
      return switch (this) {
        case RPC -> field <= 3;
        case CONTROL -> field <= 5;
        case PRUNE -> field == 2;
        case LEAF -> false;
      };
    }
  }

  private final CodedInputStream in;
  private int left = FIELDS_MAX;

  private RpcBounds(CodedInputStream in) {
    this.in = in;
  }

  /**
   * Checks an RPC without its length.
   *
   * @throws ProtocolViolationException when it is malformed or has more than {@link #FIELDS_MAX}
   *     fields
   */
  static void check(byte[] rpc) throws ProtocolViolationException {
    try {
      new RpcBounds(CodedInputStream.newInstance(rpc)).scan(Kind.RPC);
    } catch (ProtocolViolationException e) {
      throw e;
    } catch (IOException e) {
      throw new ProtocolViolationException("rpc: malformed", e);
    }
  }

  private void scan(Kind kind) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (--left < 0) {
        throw new ProtocolViolationException("rpc: more than " + FIELDS_MAX + " fields");
      }
      int field = WireFormat.getTagFieldNumber(tag);
      switch (WireFormat.getTagWireType(tag)) {
        case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
          int limit = in.pushLimit(in.readRawVarint32());
          if (kind.nested(field)) {
            scan(kind.of(field));
          } else {
            in.skipRawBytes(in.getBytesUntilLimit());
          }
          in.popLimit(limit);
        }
        case WireFormat.WIRETYPE_START_GROUP, WireFormat.WIRETYPE_END_GROUP ->
            throw new ProtocolViolationException("rpc: a group");
        default -> in.skipField(tag);
      }
    }
  }
}
