package dev.kith.libp2p.gossipsub.wire;

import dev.kith.libp2p.ProtocolViolationException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Names messages; all peers of a topic must use the same one. Called on many threads at once,
 * before anything of the message was checked.
 */
@FunctionalInterface
public interface MessageIdFunction {
  /**
   * The id of a message.
   *
   * @throws ProtocolViolationException when the message can have none, as a field is missing
   */
  MessageId id(PubsubMessage message) throws ProtocolViolationException;

  /** The author and its sequence number: what go-libp2p and js-libp2p do with signed messages. */
  static MessageIdFunction byAuthor() {
    return message -> {
      byte[] author = message.fromBytes();
      byte[] sequence = message.sequence();
      if (author.length == 0 || sequence.length == 0) {
        throw new ProtocolViolationException("message: no author or no sequence number");
      }
      if (author.length + sequence.length > MessageId.BYTES_MAX) {
        throw new ProtocolViolationException("message: author or sequence number too long");
      }
      return MessageId.of(
          ByteBuffer.allocate(author.length + sequence.length).put(author).put(sequence).array());
    };
  }

  /** SHA-256 of the data: what js-libp2p does with unsigned messages. */
  static MessageIdFunction byContent() {
    return message -> {
      try {
        return MessageId.of(MessageDigest.getInstance("SHA-256").digest(message.data()));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    };
  }
}
