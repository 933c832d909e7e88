package dev.kith.dht.kad;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Requests and answers that are read are the same when they are written and read again. */
public final class KadCodecFuzz {
  private static final KadRequest ASKED = new KadRequest.GetValue(Bytes.of(1, 2, 3));

  private KadCodecFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    request(data);
    response(data);
  }

  private static void request(byte[] data) {
    Optional<KadRequest> request;
    try {
      request = KadCodec.readRequest(new ByteArrayInputStream(data));
    } catch (IOException e) {
      return; // a violation, or the end
    }
    try {
      if (request.isPresent()) {
        byte[] again = KadCodec.encode(request.get());
        assertThat(KadCodec.readRequest(new ByteArrayInputStream(again))).isEqualTo(request);
      }
    } catch (IOException e) {
      throw new AssertionError("what was written is not read", e);
    }
  }

  private static void response(byte[] data) {
    KadResponse response;
    try {
      response = KadCodec.readResponse(new ByteArrayInputStream(data), ASKED);
    } catch (IOException e) {
      return; // a violation, or the end
    }
    try {
      byte[] again = KadCodec.encode(response);
      assertThat(KadCodec.readResponse(new ByteArrayInputStream(again), ASKED)).isEqualTo(response);
    } catch (IOException e) {
      throw new AssertionError("what was written is not read", e);
    }
  }
}
