package dev.kith.dht.blockstore;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.Frames;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.SealedChunk;
import dev.kith.dht.chunk.Sha256;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The bytes of a segment file (docs/storage.md, Segment files). Numbers are big-endian.
 *
 * <pre>
 * file    := header block of 4,096 bytes, then groups, each of which starts on a block
 * header  := "KITHSEG1" | version u32 | segment u32 | crc u32 | zeros
 * group   := record* footer zeros up to the next block
 * record  := "KCHK" | group 32 | chunk 32 | length u32 | leaf hash 32 for each frame | crc u32 | data
 * footer  := "KGRP" | group 32 | root 32 | bytes u64 | chunks u32 | created u64 | crc u32
 * </pre>
 *
 * A crc is CRC-32C of what stands before it in the same header. Data carries its own check: the
 * leaf hashes.
 */
final class SegmentFormat {
  /** What O_DIRECT asks for. */
  static final int BLOCK = 4096;

  static final int VERSION = 1;
  static final int RECORD_MAGIC = 0x4b43484b;
  static final int FOOTER_MAGIC = 0x4b475250;
  static final int FOOTER_BYTES = 4 + 32 + 32 + 8 + 4 + 8 + 4;

  private static final long FILE_MAGIC = 0x4b49544853454731L;
  private static final int RECORD_FIXED_BYTES = 4 + 32 + 32 + 4;
  private static final int CRC_BYTES = 4;

  private SegmentFormat() {}

  /** A record's header as found in a file. */
  record Header(GroupId group, ChunkId chunk, int length) {}

  static byte[] fileHeader(int segment) {
    ByteBuffer out = ByteBuffer.allocate(BLOCK);
    out.putLong(FILE_MAGIC).putInt(VERSION).putInt(segment);
    out.putInt(crc(out.array(), 0, out.position()));
    return out.array();
  }

  static boolean isFileHeader(byte[] block, int segment) {
    return java.util.Arrays.equals(block, fileHeader(segment));
  }

  /** The length of a record's header for a chunk of this stored length. */
  static int headerBytes(int length) {
    return RECORD_FIXED_BYTES + Frames.countOfSealed(length) * Sha256.BYTES + CRC_BYTES;
  }

  /** Where the leaf hashes begin, counted back from the start of the data. */
  static int leavesBeforeData(int length) {
    return Frames.countOfSealed(length) * Sha256.BYTES + CRC_BYTES;
  }

  static byte[] header(GroupId group, SealedChunk chunk) {
    ByteBuffer out = ByteBuffer.allocate(headerBytes(chunk.length()));
    out.putInt(RECORD_MAGIC)
        .put(group.hash().toArrayUnsafe())
        .put(chunk.id().hash().toArrayUnsafe())
        .putInt(chunk.length())
        .put(chunk.leaves());
    out.putInt(crc(out.array(), 0, out.position()));
    return out.array();
  }

  static byte[] footer(StoredGroup group) {
    ByteBuffer out = ByteBuffer.allocate(FOOTER_BYTES);
    out.putInt(FOOTER_MAGIC)
        .put(group.group().hash().toArrayUnsafe())
        .put(group.root().toArrayUnsafe())
        .putLong(group.bytes())
        .putInt(group.chunks())
        .putLong(group.createdMillis());
    out.putInt(crc(out.array(), 0, out.position()));
    return out.array();
  }

  /** The record that begins at the buffer's position, if a whole and sound header lies there. */
  static Optional<Header> readHeader(ByteBuffer in) {
    int start = in.position();
    if (in.remaining() < RECORD_FIXED_BYTES || in.getInt(start) != RECORD_MAGIC) {
      return Optional.empty();
    }
    int length = in.getInt(start + RECORD_FIXED_BYTES - 4);
    if (!Frames.isSealedLength(length) || in.remaining() < headerBytes(length)) {
      return Optional.empty();
    }
    int crcAt = headerBytes(length) - CRC_BYTES;
    if (in.getInt(start + crcAt) != crc(in.array(), in.arrayOffset() + start, crcAt)) {
      return Optional.empty();
    }
    in.position(start + 4);
    return Optional.of(new Header(new GroupId(hash(in)), new ChunkId(hash(in)), length));
  }

  /** The footer that begins at the buffer's position, if a whole and sound one lies there. */
  static Optional<StoredGroup> readFooter(ByteBuffer in) {
    int start = in.position();
    int crcAt = FOOTER_BYTES - CRC_BYTES;
    if (in.remaining() < FOOTER_BYTES
        || in.getInt(start) != FOOTER_MAGIC
        || in.getInt(start + crcAt) != crc(in.array(), in.arrayOffset() + start, crcAt)) {
      return Optional.empty();
    }
    in.position(start + 4);
    GroupId group = new GroupId(hash(in));
    Bytes32 root = hash(in);
    return Optional.of(new StoredGroup(group, root, in.getLong(), in.getInt(), in.getLong()));
  }

  /** The next multiple of a block. */
  static long align(long position) {
    return (position + BLOCK - 1) & -BLOCK;
  }

  private static Bytes32 hash(ByteBuffer in) {
    byte[] hash = new byte[Bytes32.SIZE];
    in.get(hash);
    return Bytes32.wrap(hash);
  }

  private static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
